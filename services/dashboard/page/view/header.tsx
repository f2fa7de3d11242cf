/**
 * The head of the page: its name, whether the orchestrator answers, and the theme.
 */
import { signal } from '@preact/signals';
import { about, connection, isWritable, stage } from '../state/app.js';
import type { Connection } from '../state/following.js';
import { openHelp } from './help.js';

const themes = ['system', 'light', 'dark'] as const;
const theme = signal<(typeof themes)[number]>('system');

export function Header() {
  return (
    <header class="head">
      <h1>Byzantine Generals</h1>
      <nav aria-label="Parts of the page">
        <a href="#setup">Set up</a>
        <a href="#lessons">Lessons</a>
        <a href="#rounds">Rounds</a>
        {stage.trace.value === undefined ? null : (
          <>
            <a href="#messages">Messages</a>
            <a href="#metrics">Metrics</a>
          </>
        )}
        <a href="#nodes">Nodes</a>
      </nav>
      <Status />
      <button type="button" class="quiet" onClick={openHelp}>
        Keys <kbd>?</kbd>
      </button>
      <ThemeChoice />
    </header>
  );
}

function Status() {
  const { kind } = connection.value;
  const place = about.value?.place;
  return (
    <p class={`status ${kind}`} role="status">
      <span class="dot" aria-hidden="true" />
      {statusWords[kind]}
      {kind === 'live' && !isWritable.value ? ' · read-only' : ''}
      {place === undefined ? null : <span class="faint wide-only"> · tuples {place}</span>}
    </p>
  );
}

const statusWords: Readonly<Record<Connection['kind'], string>> = {
  connecting: 'connecting',
  live: 'connected',
  lost: 'connection lost',
  refused: 'refused',
};

function ThemeChoice() {
  return (
    <label class="theme">
      <span>Theme</span>
      <select
        value={theme.value}
        onChange={({ currentTarget }) => {
          theme.value = themes.find((one) => one === currentTarget.value) ?? 'system';
          document.documentElement.setAttribute('data-theme', theme.value);
        }}
      >
        {themes.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

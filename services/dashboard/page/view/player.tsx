/**
 * The player: back and forward by steps and by phases, a slider over all of it, and the speed.
 */
import { lastPlace, speeds, stepIndexes, stepNumber } from '../state/player.js';
import type { Stage } from '../state/stage.js';

export function Player({ stage, label = 'Player' }: { readonly stage: Stage; readonly label?: string }) {
  const events = stage.events.value;
  const place = stage.place.value;
  const { number, count } = stepNumber(events, place);
  const isAtEnd = place >= lastPlace(events);
  const isOver = stage.ended.value !== undefined;
  return (
    <section class="player" aria-label={label}>
      <div class="buttons">
        <PlayerButton
          label="To the start (Home)"
          sign="first"
          isOff={place === 0}
          onClick={() => stage.toStart()}
        />
        <PlayerButton
          label="Phase back (Shift+←)"
          sign="phase-back"
          isOff={place === 0}
          onClick={() => stage.part(-1)}
        />
        <PlayerButton label="Step back (←)" sign="back" isOff={place === 0} onClick={() => stage.step(-1)} />
        <button type="button" class="play" onClick={() => stage.toggle()}>
          {stage.isPlaying.value ? 'Pause' : 'Play'}
        </button>
        <PlayerButton label="Step forward (→)" sign="forward" isOff={isAtEnd} onClick={() => stage.step(1)} />
        <PlayerButton
          label="Phase forward (Shift+→)"
          sign="phase-forward"
          isOff={isAtEnd}
          onClick={() => stage.part(1)}
        />
        <PlayerButton label="To the end (End)" sign="last" isOff={isAtEnd} onClick={() => stage.toEnd()} />
      </div>
      <input
        class="scrub"
        type="range"
        aria-label="Step"
        aria-valuetext={`step ${number} of ${count - 1}`}
        min={0}
        max={Math.max(0, count - 1)}
        value={number}
        onInput={({ currentTarget }) => {
          stage.pause();
          stage.goTo(stepIndexes(events)[currentTarget.valueAsNumber] ?? 0);
        }}
      />
      <span class="count">
        {number} / {Math.max(0, count - 1)}
      </span>
      <label class="speed">
        <span>Speed</span>
        <select
          value={stage.speed.value}
          onChange={({ currentTarget }) => {
            stage.speed.value = Number(currentTarget.value);
          }}
        >
          {speeds.map((speed) => (
            <option key={speed} value={speed}>
              {speed}×
            </option>
          ))}
        </select>
      </label>
      {isOver || stage.isFollowing.value ? null : (
        <button type="button" class="quiet" onClick={() => stage.toEnd()}>
          Back to live
        </button>
      )}
    </section>
  );
}

function PlayerButton(props: {
  readonly label: string;
  readonly sign: keyof typeof signs;
  readonly isOff: boolean;
  readonly onClick: () => void;
}) {
  const { label, sign, isOff, onClick } = props;
  return (
    <button
      type="button"
      class="sign"
      aria-label={label}
      title={label}
      aria-disabled={isOff}
      onClick={onClick}
    >
      <svg width={14} height={14} viewBox="0 0 14 14" aria-hidden="true">
        <path d={signs[sign]} />
      </svg>
    </button>
  );
}

/** Triangles, and bars where there is no further. */
const signs = {
  first: 'M1 1h2v12H1z M13 1v12L4 7z',
  'phase-back': 'M7 1v12L1 7z M13 1v12L7 7z',
  back: 'M11 1v12L3 7z',
  forward: 'M3 1v12l8-6z',
  'phase-forward': 'M1 1v12l6-6z M7 1v12l6-6z',
  last: 'M11 1h2v12h-2z M1 1v12l9-6z',
} as const;

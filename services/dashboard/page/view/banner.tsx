/**
 * What stands in the way: no connection, no key, an order that was refused.
 */
import { about, connection, isWritable, problem } from '../state/app.js';

export function Banner() {
  const trouble = connectionTrouble();
  return (
    <div class="banners" aria-live="polite">
      {trouble === undefined ? null : <p class="banner warn">{trouble}</p>}
      {problem.value === undefined ? null : (
        <p class="banner bad" role="alert">
          <span>{problem.value}.</span>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              problem.value = undefined;
            }}
          >
            Dismiss
          </button>
        </p>
      )}
      {readOnlyBecause()}
    </div>
  );
}

function connectionTrouble(): string | undefined {
  const now = connection.value;
  if (now.kind === 'lost') return 'The orchestrator does not answer. What is shown stays; it is tried again.';
  if (now.kind === 'refused') return `The orchestrator refuses this page: ${now.because}.`;
  return undefined;
}

function readOnlyBecause() {
  if (about.value === undefined || isWritable.value) return null;
  const why = about.value.isWritable
    ? 'this page has no key. Open it by the link that byz dev printed, or add #key=… to the address'
    : 'its orchestrator has no key for it. dashboard.key_file gives it one';
  return <p class="banner">Read-only: {why}. Rounds can be watched, and lessons and forks work as ever.</p>;
}

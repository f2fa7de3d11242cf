/**
 * Listening to an AbortSignal: many calls may share one.
 */
import { setMaxListeners } from 'node:events';

/** Calls `run` once when the signal is aborted, at once if it was. The result stops listening. */
export function onAbort(signal: AbortSignal | undefined, run: (reason: unknown) => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    run(signal.reason);
    return () => {};
  }
  // Node warns of a leak at eleven listeners; here each belongs to a call that removes it.
  setMaxListeners(0, signal);
  const listener = (): void => run(signal.reason);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}

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
  if (!unlimited.has(signal)) {
    // Node warns of a leak at eleven listeners; here each belongs to a call that removes it.
    setMaxListeners(0, signal);
    unlimited.add(signal);
  }
  const listener = (): void => run(signal.reason);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}

/** Signals that may have any number of listeners; the question is asked with every call. */
const unlimited = new WeakSet<AbortSignal>();

/**
 * Patience with a space that is away: what must be done is tried until it is done, or until nobody wants it any more.
 */
import type { Clock, Log } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import { pause } from '../tuplespace/index.js';

/** Pause before the next try, in ms. */
const retryPauseMs = 200;

/**
 * Repeats a call for as long as it fails with unavailable or deadline_exceeded. Errors: all others, and these too once the signal is
 * aborted.
 */
export async function patiently<T>(
  { clock, signal, log }: { readonly clock: Clock; readonly signal: AbortSignal; readonly log: Log },
  call: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isAway(error) || signal.aborted) throw error;
      log.warn('space.away', { error });
      await pause(clock, retryPauseMs, signal);
    }
  }
}

function isAway(error: unknown): boolean {
  return (
    error instanceof ServiceError && (error.code === 'unavailable' || error.code === 'deadline_exceeded')
  );
}

/**
 * Repeats a call that failed with unavailable. Only for calls that may be repeated: reads, and those with a request id.
 */
import { randomInt } from 'node:crypto';
import { type Clock, ServiceError } from '../runtime/index.js';
import { pause } from './follow.js';

export interface RetryPolicy {
  /** How often a call is made at most; 1 never repeats it. */
  readonly attemptsMax: number;
  /** Pause before the second attempt, in ms; each further one is twice as long. Up to half of a pause is left off at random. */
  readonly firstPauseMs: number;
  readonly pauseMsMax: number;
}

/** Rides out the restart of a service: three to six seconds in all. */
export const defaultRetry: RetryPolicy = { attemptsMax: 10, firstPauseMs: 50, pauseMsMax: 1_000 };

/** The result of the first attempt that does not fail with unavailable; else the last error, or `signal.reason`. */
export async function retrying<T>(
  attempt: () => Promise<T>,
  { policy, clock, signal }: { policy: RetryPolicy; clock: Clock; signal: AbortSignal },
): Promise<T> {
  let pauseMs = policy.firstPauseMs;
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      const isLost = error instanceof ServiceError && error.code === 'unavailable';
      if (!isLost || count >= policy.attemptsMax || signal.aborted) throw error;
    }
    await pause(clock, pauseMs - randomInt(Math.floor(pauseMs / 2) + 1), signal);
    if (signal.aborted) throw signal.reason;
    pauseMs = Math.min(pauseMs * 2, policy.pauseMsMax);
  }
}

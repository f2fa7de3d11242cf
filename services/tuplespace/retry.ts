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
  const pauses = new Pauses(policy);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const isLost = error instanceof ServiceError && error.code === 'unavailable';
      if (!isLost || !pauses.hasMore || signal.aborted) throw error;
    }
    await pauses.next(clock, signal);
  }
}

/** The pauses between the attempts of one undertaking. */
export class Pauses {
  readonly #policy: RetryPolicy;
  #attemptCount = 1;
  #pauseMs: number;

  constructor(policy: RetryPolicy) {
    this.#policy = policy;
    this.#pauseMs = policy.firstPauseMs;
  }

  /** True when another attempt may be made. */
  get hasMore(): boolean {
    return this.#attemptCount < this.#policy.attemptsMax;
  }

  /** It went well: attempts count anew. */
  reset(): void {
    this.#attemptCount = 1;
    this.#pauseMs = this.#policy.firstPauseMs;
  }

  /** Rejects with `signal.reason`. */
  async next(clock: Clock, signal: AbortSignal): Promise<void> {
    this.#attemptCount += 1;
    await pause(clock, this.#pauseMs - randomInt(Math.floor(this.#pauseMs / 2) + 1), signal);
    if (signal.aborted) throw signal.reason;
    this.#pauseMs = Math.min(this.#pauseMs * 2, this.#policy.pauseMsMax);
  }
}

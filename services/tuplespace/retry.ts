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

export interface RetryTerms {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The result of the first attempt that does not fail with unavailable; else the last error, or `signal.reason`. */
export function retrying<T>(attempt: () => Promise<T>, terms: RetryTerms): Promise<T> {
  // Hardly any call is repeated, so none pays for it before it is.
  return attempt().catch((error: unknown) => repeating(error, attempt, terms));
}

async function repeating<T>(
  error: unknown,
  attempt: () => Promise<T>,
  { policy, clock, signal }: RetryTerms,
): Promise<T> {
  const pauses = new Pauses(policy);
  for (let last = error; ; ) {
    const isLost = last instanceof ServiceError && last.code === 'unavailable';
    if (!isLost || !pauses.hasMore || signal.aborted) throw last;
    await pauses.next(clock, signal);
    try {
      return await attempt();
    } catch (next) {
      last = next;
    }
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

/**
 * Where a general's time goes: space calls, waiting for phases, the core's steps. The three never overlap, since a general does one
 * thing at a time.
 */
import type { Clock } from '../runtime/index.js';

export type Activity = 'spaceCall' | 'waiting' | 'compute';

export class Stopwatch {
  readonly #clock: Clock;
  readonly #spentMs: Record<Activity, number> = { spaceCall: 0, waiting: 0, compute: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds spent so far, with a fraction. */
  spentMs(activity: Activity): number {
    return this.#spentMs[activity];
  }

  /** Runs something that takes time until its promise settles. */
  async during<T>(activity: Activity, run: () => Promise<T>): Promise<T> {
    const startedMs = this.#clock.monotonicMs();
    try {
      return await run();
    } finally {
      this.#spentMs[activity] += this.#clock.monotonicMs() - startedMs;
    }
  }

  /** Runs something that does not wait. */
  compute<T>(run: () => T): T {
    const startedMs = this.#clock.monotonicMs();
    try {
      return run();
    } finally {
      this.#spentMs.compute += this.#clock.monotonicMs() - startedMs;
    }
  }
}

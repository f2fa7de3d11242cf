/**
 * The store's time: whole milliseconds since 1970 that never run back. It begins at the wall clock's and goes
 * on by the monotonic one, so that a step of the machine's clock neither ends a lease nor keeps one alive.
 */
import type { Clock } from '../../../runtime/index.js';

/** Tells the store's time, in whole ms since 1970. */
export interface TimeSource {
  nowMs(): number;
}

export class StoreTime implements TimeSource {
  readonly #clock: Clock;
  readonly #offsetMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offsetMs = clock.wallMs() - clock.monotonicMs();
  }

  nowMs(): number {
    return Math.floor(this.#clock.monotonicMs() + this.#offsetMs);
  }
}

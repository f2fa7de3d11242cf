/**
 * What drives a replica's state machine: the times of the log and random texts that are the same in every replica.
 */
import { createHmac } from 'node:crypto';
import type { Clock } from '../../../runtime/index.js';
import type { Pace } from '../memory/index.js';

/** The time of the entry that is being applied, or was last. */
export class LogTime {
  #nowMs = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  set(timeMs: number): void {
    this.#nowMs = timeMs;
  }
}

/**
 * The store's time as a replica knows it between two answers of the store: what the last one said and what has passed since. Never
 * ahead of the store's, but for the drift of two clocks in between.
 */
export class StoreTimeEstimate {
  readonly #clock: Clock;
  #baseMs = 0;
  #heardAtMs = 0;
  #lastMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes in what the store has just said. */
  hear(timeMs: number): void {
    this.#baseMs = timeMs;
    this.#heardAtMs = this.#clock.monotonicMs();
  }

  nowMs(): number {
    const passedMs = this.#clock.monotonicMs() - this.#heardAtMs;
    this.#lastMs = Math.max(this.#lastMs, Math.floor(this.#baseMs + passedMs));
    return this.#lastMs;
  }
}

/** Random texts made from a secret seed: the n-th is the same in every replica. */
export class SeededTexts {
  readonly seed: string;
  /** How many were made. */
  count: number;

  constructor(seed: string, count = 0) {
    this.seed = seed;
    this.count = count;
  }

  next(): string {
    this.count += 1;
    return createHmac('sha256', this.seed).update(String(this.count)).digest('base64url');
  }
}

export type DrivePace = Pace & { readonly time: LogTime };

/**
 * How often callers may enrol at one service process, good secret or not: nobody guesses the secret, or fills the store's tokens, at the
 * speed of the wire.
 */
import type { Clock } from '../runtime/index.js';
import { overLimit } from './limits.js';

export class EnrolmentGate {
  readonly #clock: Clock;
  readonly #perSecondMax: number;
  #second = 0;
  #count = 0;

  constructor({ clock, perSecondMax }: { clock: Clock; perSecondMax: number }) {
    this.#clock = clock;
    this.#perSecondMax = perSecondMax;
  }

  /** Counts an enrolment. Errors: resource_exhausted. */
  pass(): void {
    const second = Math.floor(this.#clock.monotonicMs() / 1_000);
    if (second !== this.#second) this.#count = 0;
    this.#second = second;
    if (this.#count >= this.#perSecondMax)
      throw overLimit(
        'enrolmentsPerSecondMax',
        this.#perSecondMax,
        `${this.#count} callers enrolled this second`,
      );
    this.#count += 1;
  }
}

/**
 * Looks at a store from time to time: hints of growth get lost, and a store that hangs breaks no connection.
 */
import type { Clock, StopTimer } from '../../../runtime/index.js';

export interface LookoutOptions {
  readonly clock: Clock;
  /** Asks the store for the position of the log's newest entry. */
  readonly look: () => Promise<number>;
  readonly onGrowth: (position: number) => void;
  /** The store does not answer, or with an error; nothing is looked at any more. */
  readonly onSilence: () => void;
}

/** How often the head is looked at, and how long the answer may take. */
const lookMs = { every: 400, answer: 1_300 };

export class Lookout {
  readonly #options: LookoutOptions;
  #heardCount = 0;
  #isOver = false;
  #stopTimer: StopTimer = () => {};

  constructor(options: LookoutOptions) {
    this.#options = options;
  }

  /** Does nothing once it is stopped. */
  start(): void {
    if (!this.#isOver) this.#lookLater();
  }

  /** The store has answered a call on the connection that is looked at: a look that waits behind others is not silence. */
  heard(): void {
    this.#heardCount += 1;
  }

  /** Idempotent. */
  stop(): void {
    this.#isOver = true;
    this.#stopTimer();
  }

  #lookLater(): void {
    this.#stopTimer = this.#options.clock.after(lookMs.every, () => {
      this.#judgeLater();
      this.#options.look().then(
        (position) => this.#see(position),
        () => this.#giveUp(),
      );
    });
  }

  #judgeLater(): void {
    const heardCount = this.#heardCount;
    this.#stopTimer = this.#options.clock.after(lookMs.answer, () => {
      if (this.#heardCount === heardCount) this.#giveUp();
      else this.#judgeLater();
    });
  }

  #see(position: number): void {
    if (this.#isOver) return;
    this.#stopTimer();
    this.#options.onGrowth(position);
    // Whoever heard of the growth may have closed the log.
    if (!this.#isOver) this.#lookLater();
  }

  #giveUp(): void {
    if (this.#isOver) return;
    this.stop();
    this.#options.onSilence();
  }
}

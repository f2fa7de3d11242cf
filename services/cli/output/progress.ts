/**
 * A line at the bottom of the terminal that tells how far something is. Nothing is shown for what is over at
 * once, nor where stderr is no terminal.
 */
import type { Clock, StopTimer } from '../../runtime/index.js';
import type { Terminal } from './terminal.js';

/** First shown after this long, then redrawn as often. */
const redrawMs = 100;

export class Progress {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #describe: (elapsedMs: number) => string;
  readonly #startedMs: number;
  #stopTimer: StopTimer = () => {};

  /** `describe` gives the line each time it is drawn. */
  constructor(terminal: Terminal, clock: Clock, describe: (elapsedMs: number) => string) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#describe = describe;
    this.#startedMs = clock.monotonicMs();
    if (terminal.canRedraw) this.#wait();
  }

  /** Removes the line. Idempotent. */
  stop(): void {
    this.#stopTimer();
    this.#terminal.redraw('');
  }

  #wait(): void {
    this.#stopTimer = this.#clock.after(redrawMs, () => {
      this.#terminal.redraw(this.#describe(this.#clock.monotonicMs() - this.#startedMs));
      this.#wait();
    });
  }
}

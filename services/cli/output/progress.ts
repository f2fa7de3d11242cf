/**
 * Tells on stderr how far something is: on a terminal a line that is redrawn, elsewhere a new line now and then. Nothing is shown for what is
 * over at once.
 */
import type { Clock, StopTimer } from '../../runtime/index.js';
import type { Terminal } from './terminal.js';

/** First shown after this long, then redrawn as often. */
const redrawMs = 100;
/** The same where each line stays. */
const talkMs = 10_000;

export class Progress {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #describe: (elapsedMs: number) => string;
  readonly #startedMs: number;
  readonly #everyMs: number;
  #shownMs: number;
  #stopTimer: StopTimer = () => {};

  /** `describe` gives the line each time it is shown. */
  constructor(terminal: Terminal, clock: Clock, describe: (elapsedMs: number) => string) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#describe = describe;
    this.#startedMs = clock.monotonicMs();
    this.#shownMs = this.#startedMs;
    this.#everyMs = terminal.canRedraw ? redrawMs : talkMs;
    this.#wait();
  }

  /** Shows the line if it is due: for work that lets no timer run meanwhile. */
  tick(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#shownMs < this.#everyMs) return;
    this.#shownMs = nowMs;
    const line = this.#describe(nowMs - this.#startedMs);
    if (this.#terminal.canRedraw) this.#terminal.redraw(line);
    else this.#terminal.talk(line);
  }

  /** Removes the line of a terminal. Idempotent. */
  stop(): void {
    this.#stopTimer();
    this.#terminal.redraw('');
  }

  #wait(): void {
    this.#stopTimer = this.#clock.after(this.#shownMs + this.#everyMs - this.#clock.monotonicMs(), () => {
      this.tick();
      this.#wait();
    });
  }
}

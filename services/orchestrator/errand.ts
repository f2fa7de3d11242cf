/**
 * Work that is done whenever something calls for it, one run at a time. Calls that come during a run are answered by one more run, so
 * that each sees the state after it; a run that fails or is not done is repeated after a pause.
 */
import type { Clock, Log } from '../runtime/index.js';
import { pause } from '../tuplespace/index.js';

export interface ErrandOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly name: string;
  /** True when it is done; false to be run again after the pause. */
  readonly run: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** Pause before a run is repeated, in ms. */
const repeatPauseMs = 200;

export class Errand {
  readonly #options: ErrandOptions;
  #isCalled = false;
  #running: Promise<void> | undefined;

  constructor(options: ErrandOptions) {
    this.#options = options;
  }

  call(): void {
    this.#isCalled = true;
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when nothing is under way. */
  async ended(): Promise<void> {
    await this.#running;
  }

  async #work(): Promise<void> {
    const { clock, log, name, run, signal } = this.#options;
    while (this.#isCalled && !signal.aborted) {
      this.#isCalled = false;
      const isDone = await run().catch((error: unknown) => {
        if (!signal.aborted) log.warn(`${name}.failed`, { error });
        return false;
      });
      if (isDone) continue;
      await pause(clock, repeatPauseMs, signal);
      this.#isCalled = true;
    }
  }
}

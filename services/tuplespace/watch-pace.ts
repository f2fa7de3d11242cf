/**
 * How far a watch on a pipe may run ahead of its reader, so that one that nobody reads costs no memory.
 */

/** Frames on their way that the client has not said to be used up. */
const aheadMax = 64;

export class WatchPace {
  #aheadCount = 0;
  #wake = (): void => {};

  /** Resolves when another frame may go, and counts it. */
  async step(): Promise<void> {
    while (this.#aheadCount >= aheadMax) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#aheadCount += 1;
  }

  /** So many frames were used up. */
  used(count: number): void {
    this.#aheadCount = Math.max(0, this.#aheadCount - count);
    this.#wake();
  }

  /** Lets go of a step that waits: the watch is over. */
  release(): void {
    this.#aheadCount = 0;
    this.#wake();
  }
}

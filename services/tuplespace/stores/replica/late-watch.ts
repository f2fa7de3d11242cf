/**
 * A watch that is opened once the replica is up to date.
 */
import type { WatchFrame } from '../../space.js';

type Frames = AsyncIterator<WatchFrame, undefined>;

const done = { done: true, value: undefined } as const;

export class LateWatch implements Frames {
  readonly #ready: () => Promise<void>;
  readonly #open: () => AsyncIterator<WatchFrame>;
  #frames: AsyncIterator<WatchFrame> | undefined;
  #isOver = false;

  constructor(ready: () => Promise<void>, open: () => AsyncIterator<WatchFrame>) {
    this.#ready = ready;
    this.#open = open;
  }

  async next(): Promise<IteratorResult<WatchFrame, undefined>> {
    if (this.#isOver) return done;
    try {
      if (this.#frames === undefined) {
        await this.#ready();
        if (this.#isOver) return done;
        this.#frames = this.#open();
      }
      return await this.#frames.next();
    } catch (error) {
      this.#isOver = true;
      throw error;
    }
  }

  async return(): Promise<IteratorResult<WatchFrame, undefined>> {
    this.#isOver = true;
    await this.#frames?.return?.();
    return done;
  }
}

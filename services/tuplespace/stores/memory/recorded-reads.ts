/**
 * The reads of a session: they change nothing, so whoever makes them brings what was refused into the audit.
 */
import type { WatchFrame } from '../../space.js';
import type { About, SpaceRefusal } from './caller-gate.js';
import { Refused } from './refusal.js';

export class RecordedReads {
  readonly #record: (refusal: SpaceRefusal) => void | Promise<void>;

  constructor(record: (refusal: SpaceRefusal) => void | Promise<void>) {
    this.#record = record;
  }

  async call<Answer>(about: About, read: () => Answer | Promise<Answer>): Promise<Answer> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof Refused) await this.#record({ ...about, ...error.by });
      throw error;
    }
  }

  /** The same frames; a refusal counts as one only where it comes instead of the first. */
  watch(about: About, frames: AsyncIterable<WatchFrame>): AsyncIterable<WatchFrame> {
    return {
      [Symbol.asyncIterator]: () => {
        const inner = frames[Symbol.asyncIterator]();
        let isOpen = false;
        return {
          next: async () => {
            if (isOpen) return inner.next();
            const first = await this.call(about, () => inner.next());
            isOpen = true;
            return first;
          },
          async return() {
            await inner.return?.();
            return { done: true, value: undefined };
          },
        };
      },
    };
  }
}

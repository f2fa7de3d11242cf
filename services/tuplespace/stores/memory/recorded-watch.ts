/**
 * A watch whose refusal is recorded by whoever drives the steps.
 */
import type { WatchFrame } from '../../space.js';

/** The same frames; `record` is told the error that comes instead of the first. */
export function recordedWatch(
  frames: AsyncIterable<WatchFrame>,
  record: (error: unknown) => void | Promise<void>,
): AsyncIterable<WatchFrame> {
  return {
    [Symbol.asyncIterator]() {
      const inner = frames[Symbol.asyncIterator]();
      let isOpen = false;
      return {
        async next() {
          try {
            const frame = await inner.next();
            isOpen = true;
            return frame;
          } catch (error) {
            if (!isOpen) await record(error);
            throw error;
          }
        },
        async return() {
          await inner.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

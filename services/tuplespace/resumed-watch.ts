/**
 * A watch that outlives the replica it is on: it resumes elsewhere from its last cursor, so that each event still comes once and in
 * order.
 */
import { type Clock, ServiceError } from '../runtime/index.js';
import { Pauses, type RetryPolicy } from './retry.js';
import type { Cursor, WatchFrame } from './space.js';

/**
 * Errors: those of the watch; unavailable when too many attempts in a row brought no frame, or when a snapshot was lost half way: what of
 * it was handed out already cannot be taken back.
 */
export async function* resumedWatch(
  from: Cursor,
  open: (from: Cursor) => AsyncIterable<WatchFrame>,
  { policy, clock, signal }: { policy: RetryPolicy; clock: Clock; signal: AbortSignal },
): AsyncGenerator<WatchFrame> {
  let cursor = from;
  let isHalf = false;
  const pauses = new Pauses(policy);
  for (;;) {
    try {
      for await (const frame of open(cursor)) {
        pauses.reset();
        isHalf = frame.kind === 'snapshot' && !frame.isLast;
        if (!isHalf) cursor = frame.cursor;
        yield frame;
      }
      return;
    } catch (error) {
      const isLost = error instanceof ServiceError && error.code === 'unavailable';
      if (!isLost || isHalf || signal.aborted || !pauses.hasMore) throw error;
    }
    await pauses.next(clock, signal);
  }
}

/**
 * A watch that lives through the loss of the service: it resumes from the last cursor, and starts over from a snapshot only
 * where the history no longer reaches back. Consumers must take a repeated snapshot for what it is: frames say so.
 */
import type { Clock } from '../runtime/index.js';
import { onAbort, ServiceError } from '../runtime/index.js';
import type { Cursor, TupleSpace, WatchFrame, WatchRequest } from './space.js';

export interface FollowOptions {
  readonly clock: Clock;
  /** Ends the watch: it returns, without an error. */
  readonly signal: AbortSignal;
  /** Pause after a lost connection, in ms; doubles up to ten times this. Default 100. */
  readonly pauseMs?: number;
}

/** The frames of a watch, for ever; ends by the signal, or with an error that waiting does not cure. */
export async function* follow(
  space: TupleSpace,
  request: WatchRequest,
  { clock, signal, pauseMs = 100 }: FollowOptions,
): AsyncGenerator<WatchFrame> {
  let from: Cursor = request.from;
  let nextPauseMs = pauseMs;
  while (!signal.aborted) {
    try {
      for await (const frame of space.watch({ ...request, from }, { signal })) {
        nextPauseMs = pauseMs;
        // Half a snapshot is no place to resume from: start it again.
        if (frame.kind !== 'snapshot' || frame.isLast) from = frame.cursor;
        yield frame;
        await nextTurn();
      }
    } catch (error) {
      if (signal.aborted) return;
      from = resumeFrom(error, from);
    }
    await pause(clock, nextPauseMs, signal);
    nextPauseMs = Math.min(nextPauseMs * 2, pauseMs * 10);
  }
}

/** Where to go on after an error; throws the error when waiting does not cure it. */
function resumeFrom(error: unknown, from: Cursor): Cursor {
  if (!(error instanceof ServiceError)) throw error;
  if (error.code === 'unavailable') return from;
  if (error.code === 'out_of_range') return { revision: 0n };
  throw error;
}

/**
 * A store in this process answers without leaving the turn of the event loop. Whoever follows a space lets timers and sockets have theirs
 * in between, or a busy round would starve the leases of its own node.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Resolves after the pause, or at once when the signal is aborted. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      stop();
      unhook();
      resolve();
    };
    const stop = clock.after(ms, end);
    const unhook = onAbort(signal, end);
  });
}

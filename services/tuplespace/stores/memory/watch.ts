/**
 * A watch: the frames of a feed as an async iterator. Registers itself with the space while it is open, waits
 * for the next frame without a queue, and says when it has been idle for a while.
 */
import type { Clock, StopTimer } from '../../../runtime/index.js';
import type { WatchFrame, WatchRequest } from '../../space.js';
import { onAbort } from './abort-hooks.js';
import type { Feed } from './feed.js';
import type { Pace } from './pace.js';
import type { Steps } from './steps.js';

/** What a watch needs of its space. */
export interface WatchSource {
  /**
   * Opens the feed; from then until `close` the space calls `watch.poke` after each step, and `watch.fail`
   * when it ends.
   */
  open(watch: Watch): OpenFeed;
  /** Throws unless the caller may still watch. Called before each frame. */
  admit(): void;
  nowMs(): number;
  readonly clock: Clock;
  /** After this long without a frame a progress frame comes. */
  readonly progressMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface OpenFeed {
  readonly feed: Feed;
  readonly close: () => void;
}

export interface WatchOptions {
  readonly steps: Steps;
  readonly pace: Pace;
  readonly progressMs: number;
  readonly signal: AbortSignal | undefined;
}

/** The watch that a caller asks for; each iteration opens one of its own. */
export function watchOf(
  request: WatchRequest,
  { steps, pace, progressMs, signal }: WatchOptions,
): AsyncIterable<WatchFrame> {
  const source: WatchSource = {
    open: (watch) => steps.openFeed(request, watch),
    admit: () => steps.admitWatch(request),
    nowMs: () => pace.presentTime.nowMs(),
    clock: pace.clock,
    progressMs,
    signal,
  };
  return { [Symbol.asyncIterator]: () => new Watch(source) };
}

interface Pending {
  readonly resolve: (result: IteratorResult<WatchFrame, undefined>) => void;
  readonly reject: (reason: unknown) => void;
  readonly stopTimer: StopTimer;
}

const done = { done: true, value: undefined } as const;

/** One call of `next` at a time, as `for await` makes them. */
export class Watch implements AsyncIterator<WatchFrame, undefined> {
  readonly #source: WatchSource;
  #open: OpenFeed | undefined;
  #unhook = (): void => {};
  #pending: Pending | undefined;
  /** Set when the watch is over; the error, if there is one, still has to be thrown once. */
  #end: { error?: unknown } | undefined;

  constructor(source: WatchSource) {
    this.#source = source;
  }

  async next(): Promise<IteratorResult<WatchFrame, undefined>> {
    try {
      const frame = this.#isOver() ? undefined : this.#take();
      if (frame !== undefined) return { done: false, value: frame };
      if (this.#end !== undefined) return done;
    } catch (error) {
      this.#close();
      throw error;
    }
    return new Promise((resolve, reject) => {
      const { clock, progressMs } = this.#source;
      const stopTimer = clock.after(progressMs, () =>
        this.#deliver((feed) => feed.progress(this.#source.nowMs())),
      );
      this.#pending = { resolve, reject, stopTimer };
    });
  }

  async return(): Promise<IteratorResult<WatchFrame, undefined>> {
    this.#close();
    this.#settle(({ resolve }) => resolve(done));
    return done;
  }

  /** Something happened in the space. */
  poke(): void {
    this.#deliver((feed) => feed.next(this.#source.nowMs()));
  }

  /** Ends the watch with an error. */
  fail(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#close();
    if (this.#pending === undefined) this.#end = { error };
    else this.#settle(({ reject }) => reject(error));
  }

  /** True when nothing more comes; throws the error that ended it, once. */
  #isOver(): boolean {
    if (this.#end === undefined) return false;
    const { error } = this.#end;
    this.#end = {};
    if (error !== undefined) throw error;
    return true;
  }

  #take(): WatchFrame | undefined {
    this.#source.admit();
    if (this.#open === undefined) {
      const { signal } = this.#source;
      signal?.throwIfAborted();
      this.#open = this.#source.open(this);
      this.#unhook = onAbort(signal, () => this.fail(signal?.reason));
    }
    return this.#open.feed.next(this.#source.nowMs());
  }

  /** Gives a waiting `next` its frame, if there is one. */
  #deliver(frameOf: (feed: Feed) => WatchFrame | undefined): void {
    if (this.#pending === undefined || this.#open === undefined) return;
    try {
      this.#source.admit();
      const frame = frameOf(this.#open.feed);
      if (frame !== undefined) this.#settle(({ resolve }) => resolve({ done: false, value: frame }));
    } catch (error) {
      this.fail(error);
    }
  }

  #settle(how: (pending: Pending) => void): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.stopTimer();
    if (pending !== undefined) how(pending);
  }

  #close(): void {
    this.#end ??= {};
    this.#unhook();
    this.#open?.close();
  }
}

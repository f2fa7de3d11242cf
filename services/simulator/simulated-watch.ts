/**
 * A watch of a host over the simulated network: frames keep their order and take their time; the stream may break, and then ends with
 * unavailable, as the gRPC client's does.
 */
import { ServiceError } from '../runtime/index.js';
import type { TupleSpace, WatchFrame, WatchRequest } from '../tuplespace/index.js';
import type { Connected, Host } from './host.js';
import type { Network } from './network.js';

export interface WatchOptions {
  readonly host: Host;
  readonly network: Network;
  /** The spaces at the other end. */
  readonly space: TupleSpace;
  readonly request: WatchRequest;
  readonly signal: AbortSignal | undefined;
}

type Result = IteratorResult<WatchFrame, undefined>;

const done = { done: true, value: undefined } as const;

/** One call of `next` at a time, as `for await` makes them. */
export class SimulatedWatch implements AsyncIterator<WatchFrame, undefined>, Connected {
  readonly #options: WatchOptions;
  readonly #server = new AbortController();
  readonly #frames: WatchFrame[] = [];
  #isOpen = false;
  #isClosed = false;
  /** Set when nothing more comes; the error is thrown once. */
  #end: { readonly error?: unknown } | undefined;
  #waiting: { resolve: (result: Result) => void; reject: (error: unknown) => void } | undefined;
  #lastArrivalMs = 0;
  readonly #onAbort = (): void => this.#abandon();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  next(): Promise<Result> {
    const { host, network } = this.#options;
    network.clock.touch();
    if (host.isCrashed) return new Promise(() => {});
    if (!this.#isOpen) this.#open();
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve({ done: false, value: frame });
    if (this.#end !== undefined) return this.#finish(this.#end);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  async return(): Promise<Result> {
    this.#options.network.clock.touch();
    this.#close();
    this.#frames.length = 0;
    this.#end ??= {};
    return done;
  }

  break(): void {
    const { host, network } = this.#options;
    if (this.#isClosed) return;
    network.note(host.name, 'stream broken', this.#options.request.space);
    this.#close();
    host.after(network.noticeMs(), () => {
      this.#finishWith(new ServiceError('unavailable', 'the stream from the space broke'));
    });
  }

  #open(): void {
    const { host, network, signal } = this.#options;
    this.#isOpen = true;
    if (signal?.aborted) {
      this.#abandon();
      return;
    }
    host.connected.add(this);
    signal?.addEventListener('abort', this.#onAbort);
    if (network.breaksStream(host)) this.break();
    else network.clock.after(network.delayMs(), () => void this.#pump());
  }

  /** What happens at the space's end. */
  async #pump(): Promise<void> {
    const { host, network, space, request } = this.#options;
    if (this.#isClosed) return;
    network.note(host.name, 'call', { kind: 'watch', request });
    try {
      for await (const frame of space.watch(request, { signal: this.#server.signal })) {
        network.clock.touch();
        if (this.#isClosed) return;
        if (network.breaksStream(host)) {
          // What was sent before still arrives.
          this.#carry(() => this.break());
          return;
        }
        this.#carry(() => {
          network.note(host.name, 'frame', frame);
          this.#deliver(frame);
        });
      }
    } catch (error) {
      if (!this.#isClosed) this.#carry(() => this.#finishWith(error));
    }
  }

  /** To the host, behind all that went before. */
  #carry(arrive: () => void): void {
    const { host, network } = this.#options;
    const nowMs = network.clock.elapsedMs;
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, nowMs + network.delayMs());
    host.after(this.#lastArrivalMs - nowMs, () => {
      if (!this.#isClosed) arrive();
    });
  }

  #deliver(frame: WatchFrame): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#frames.push(frame);
    else waiting.resolve({ done: false, value: frame });
  }

  #abandon(): void {
    const { signal } = this.#options;
    this.#close();
    this.#frames.length = 0;
    this.#finishWith(signal?.reason);
  }

  #finishWith(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#close();
    this.#end = { error };
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) this.#finish(this.#end).then(waiting.resolve, waiting.reject);
  }

  #finish(end: { readonly error?: unknown }): Promise<Result> {
    this.#end = {};
    return end.error === undefined ? Promise.resolve(done) : Promise.reject(end.error);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { host, signal, network } = this.#options;
    host.connected.delete(this);
    signal?.removeEventListener('abort', this.#onAbort);
    network.clock.after(network.delayMs(), () => this.#server.abort());
  }
}

/**
 * The default transport: one pipe for all calls and watches of the clients that share it.
 */
import { ServiceError } from '../runtime/index.js';
import { Pipe } from './pipe.js';
import type { CallLimits, CallTerms, Route, Transport } from './transport.js';
import type { CallKind } from './wire/pipe.js';

/** Opens the pipe with the first call, and anew after it broke. */
export class PipeTransport implements Transport {
  readonly #route: Route;
  #pipe: Pipe | undefined;
  #isClosed = false;

  constructor(route: Route) {
    this.#route = route;
  }

  call(kind: CallKind, request: Buffer, limits: CallLimits): Promise<Buffer> {
    if (this.#isClosed) return Promise.reject(closedError());
    return this.#openPipe().call(kind, request, limits);
  }

  async *watch(request: Buffer, terms: CallTerms): AsyncGenerator<Buffer> {
    if (this.#isClosed) throw closedError();
    yield* this.#openPipe().watch(request, terms);
  }

  close(): void {
    this.#isClosed = true;
    this.#pipe?.close();
  }

  #openPipe(): Pipe {
    if (this.#pipe === undefined || this.#pipe.isOver) {
      const { channel, methods } = this.#route;
      // The stream itself has no caller: each call brings its own token.
      this.#pipe = new Pipe(channel.duplex(methods.Pipe));
    }
    return this.#pipe;
  }
}

/** A pipe that several clients share: opened by the first of them, closed with the last. */
export class SharedPipe {
  readonly #route: Route;
  #transport: PipeTransport | undefined;
  #userCount = 0;

  constructor(route: Route) {
    this.#route = route;
  }

  /** A transport of its own to each client: closing one ends what that client has under way and nothing else. */
  join(): Transport {
    this.#transport ??= new PipeTransport(this.#route);
    this.#userCount += 1;
    return new SharedTransport(this.#transport, () => this.#leave());
  }

  #leave(): void {
    this.#userCount -= 1;
    if (this.#userCount > 0) return;
    this.#transport?.close();
    this.#transport = undefined;
  }
}

class SharedTransport implements Transport {
  readonly #transport: PipeTransport;
  readonly #leave: () => void;
  readonly #closing = new AbortController();

  constructor(transport: PipeTransport, leave: () => void) {
    this.#transport = transport;
    this.#leave = leave;
  }

  call(kind: CallKind, request: Buffer, limits: CallLimits): Promise<Buffer> {
    return this.#transport.call(kind, request, { ...limits, signal: this.#orClosing(limits.signal) });
  }

  watch(request: Buffer, terms: CallTerms): AsyncIterable<Buffer> {
    return this.#transport.watch(request, { ...terms, signal: this.#orClosing(terms.signal) });
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(closedError());
    this.#leave();
  }

  #orClosing(signal: AbortSignal | undefined): AbortSignal {
    const closing = this.#closing.signal;
    return signal === undefined ? closing : AbortSignal.any([signal, closing]);
  }
}

function closedError(): ServiceError {
  return new ServiceError('cancelled', 'the client is closed');
}

/**
 * The default transport: one pipe for all calls of a client.
 */
import { ServiceError } from '../runtime/index.js';
import { Pipe } from './pipe.js';
import type { CallLimits, Route, Transport } from './transport.js';
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
    if (this.#isClosed) return Promise.reject(new ServiceError('cancelled', 'the client is closed'));
    return this.#openPipe().call(kind, request, limits);
  }

  close(): void {
    this.#isClosed = true;
    this.#pipe?.close();
  }

  #openPipe(): Pipe {
    if (this.#pipe === undefined || this.#pipe.isOver) {
      const { channel, methods, token } = this.#route;
      this.#pipe = new Pipe(channel.duplex(methods.Pipe, { token }));
    }
    return this.#pipe;
  }
}

/**
 * The default transport: one pipe to each replica for all calls and watches of the clients that share them.
 */
import { ServiceError } from '../runtime/index.js';
import type { Pipe } from './pipe.js';
import type { Replicas } from './replicas.js';
import type { CallLimits, CallTerms, Transport } from './transport.js';
import type { CallKind } from './wire/pipe.js';

/** Of one client: closing it ends what that client has under way and nothing else. */
export class PipeTransport implements Transport {
  readonly #replicas: Replicas;
  /** For calls that wait for a replica; those that are under way are given up by their pipes. */
  readonly #closing = new AbortController();

  constructor(replicas: Replicas) {
    this.#replicas = replicas;
  }

  call(kind: CallKind, request: Buffer, limits: CallLimits): Promise<Buffer> {
    let pipe: Pipe | undefined;
    try {
      this.#closing.signal.throwIfAborted();
      pipe = this.#replicas.next()?.pipe;
    } catch (error) {
      return Promise.reject(error);
    }
    if (pipe !== undefined) return pipe.call(kind, request, limits, this);
    return this.#readyPipe(limits.signal).then((ready) => ready.call(kind, request, limits, this));
  }

  async *watch(request: Buffer, terms: CallTerms): AsyncGenerator<Buffer> {
    this.#closing.signal.throwIfAborted();
    const pipe = this.#replicas.next()?.pipe ?? (await this.#readyPipe(terms.signal));
    yield* pipe.watch(request, terms, this);
  }

  close(): void {
    const reason = new ServiceError('cancelled', 'the client is closed');
    this.#closing.abort(reason);
    for (const pipe of this.#replicas.pipes) pipe.giveUpAll(this, reason);
  }

  async #readyPipe(signal: AbortSignal | undefined): Promise<Pipe> {
    const closing = this.#closing.signal;
    const either = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    const { pipe } = await this.#replicas.ready(either);
    if (pipe === undefined) throw new ServiceError('unavailable', 'the replica has just gone');
    return pipe;
  }
}

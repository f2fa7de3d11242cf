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
  readonly #closing = new AbortController();

  constructor(replicas: Replicas) {
    this.#replicas = replicas;
  }

  async call(kind: CallKind, request: Buffer, limits: CallLimits): Promise<Buffer> {
    const closing = this.#closing.signal;
    closing.throwIfAborted();
    const pipe = this.#replicas.next()?.pipe ?? (await this.#readyPipe(limits.signal));
    return pipe.call(kind, request, limits, closing);
  }

  async *watch(request: Buffer, terms: CallTerms): AsyncGenerator<Buffer> {
    const closing = this.#closing.signal;
    closing.throwIfAborted();
    const pipe = this.#replicas.next()?.pipe ?? (await this.#readyPipe(terms.signal));
    yield* pipe.watch(request, terms, closing);
  }

  close(): void {
    this.#closing.abort(new ServiceError('cancelled', 'the client is closed'));
  }

  async #readyPipe(signal: AbortSignal | undefined): Promise<Pipe> {
    const closing = this.#closing.signal;
    const { pipe } = await this.#replicas.ready(
      signal === undefined ? closing : AbortSignal.any([signal, closing]),
    );
    if (pipe === undefined) throw new ServiceError('unavailable', 'the replica has just gone');
    return pipe;
  }
}

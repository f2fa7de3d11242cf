/**
 * How a client's calls reach the service: each a gRPC call of its own (here) or through a pipe that many share (pipe-transport.ts).
 * Both carry bytes, so that a call is encoded once, however often it is repeated.
 */
import { ServiceError } from '../runtime/index.js';
import type { Replicas } from './replicas.js';
import { loadTupleSpaceContract, type MethodName } from './wire/contract.js';
import type { CallKind } from './wire/pipe.js';

/** Who calls, and when to give up. */
export interface CallTerms {
  /** Of the caller; empty: anonymous. */
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
  /** What the call is a part of; absent: no trace. */
  readonly trace?: string | undefined;
}

export interface CallLimits extends CallTerms {
  /** Longest wait for the answer, in ms. */
  readonly deadlineMs: number;
}

export interface Transport {
  /** The bytes of the answer. Errors: those of the service; unavailable, deadline_exceeded; `signal.reason`. */
  call(kind: CallKind, request: Buffer, limits: CallLimits): Promise<Buffer>;
  /** The bytes of each frame. Errors: those of the service; unavailable; `signal.reason`. */
  watch(request: Buffer, terms: CallTerms): AsyncIterable<Buffer>;
  /** Ends what is under way with cancelled. Idempotent. */
  close(): void;
}

const methodOf: { readonly [K in CallKind]: MethodName } = {
  write: 'Write',
  read: 'Read',
  take: 'Take',
  settle: 'Settle',
  lease: 'Lease',
  putSpace: 'PutSpace',
  listSpaces: 'ListSpaces',
  dropSpace: 'DropSpace',
  explain: 'Explain',
  getInfo: 'GetInfo',
  readAudit: 'ReadAudit',
  putToken: 'PutToken',
  revokeToken: 'RevokeToken',
};

/** Each call a gRPC call of its own: simple to follow on the wire, and several times slower. */
export class UnaryTransport implements Transport {
  readonly #replicas: Replicas;
  readonly #methods = loadTupleSpaceContract().methods;
  readonly #closing = new AbortController();

  constructor(replicas: Replicas) {
    this.#replicas = replicas;
  }

  async call(kind: CallKind, request: Buffer, limits: CallLimits): Promise<Buffer> {
    const signal = this.#orClosing(limits.signal);
    const link = await this.#replicas.ready(signal);
    try {
      return await link.channel.unary(this.#methods[methodOf[kind]], request, { ...limits, signal });
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'unavailable') this.#replicas.rest(link);
      throw error;
    }
  }

  async *watch(request: Buffer, terms: CallTerms): AsyncGenerator<Buffer> {
    const signal = this.#orClosing(terms.signal);
    const { channel } = await this.#replicas.ready(signal);
    yield* channel.serverStream(this.#methods.Watch, request, { ...terms, signal });
  }

  close(): void {
    this.#closing.abort(new ServiceError('cancelled', 'the client is closed'));
  }

  #orClosing(signal: AbortSignal | undefined): AbortSignal {
    const closing = this.#closing.signal;
    return signal === undefined ? closing : AbortSignal.any([signal, closing]);
  }
}

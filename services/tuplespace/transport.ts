/**
 * How a client's calls reach the service: each a gRPC call of its own (here) or through a pipe that many share (pipe-transport.ts).
 * Both carry bytes, so that a call is encoded once, however often it is repeated.
 */
import type { GrpcChannel } from '../runtime/index.js';
import type { MethodName, TupleSpaceMethods } from './wire/contract.js';
import type { CallKind } from './wire/pipe.js';

/** Who calls, and when to give up. */
export interface CallTerms {
  /** Of the caller; empty: anonymous. */
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
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

/** What a transport needs to reach the service. */
export interface Route {
  readonly channel: GrpcChannel;
  readonly methods: TupleSpaceMethods;
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
  readonly #route: Route;

  constructor(route: Route) {
    this.#route = route;
  }

  call(kind: CallKind, request: Buffer, limits: CallLimits): Promise<Buffer> {
    const { channel, methods } = this.#route;
    return channel.unary(methods[methodOf[kind]], request, limits);
  }

  watch(request: Buffer, terms: CallTerms): AsyncIterable<Buffer> {
    const { channel, methods } = this.#route;
    return channel.serverStream(methods.Watch, request, terms);
  }

  close(): void {}
}

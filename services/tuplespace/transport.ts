/**
 * How a client's calls reach the service: one at a time (here) or through a pipe (pipe-transport.ts). Both carry bytes, so that a
 * call is encoded once, however often it is repeated.
 */
import type { GrpcChannel } from '../runtime/index.js';
import type { MethodName, TupleSpaceMethods } from './wire/contract.js';
import type { CallKind } from './wire/pipe.js';

export interface CallLimits {
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for the answer, in ms. */
  readonly deadlineMs: number;
}

export interface Transport {
  /** The bytes of the answer. Errors: those of the service; unavailable, deadline_exceeded; `signal.reason`. */
  call(kind: CallKind, request: Buffer, limits: CallLimits): Promise<Buffer>;
  /** Ends what is under way with cancelled. Idempotent. */
  close(): void;
}

/** What a transport needs to reach the service. */
export interface Route {
  readonly channel: GrpcChannel;
  readonly methods: TupleSpaceMethods;
  readonly token: string;
}

const methodOf: { readonly [K in CallKind]: MethodName } = {
  write: 'Write',
  read: 'Read',
  take: 'Take',
  settle: 'Settle',
  lease: 'Lease',
};

/** Each call a gRPC call of its own: simple to follow on the wire, and several times slower. */
export class UnaryTransport implements Transport {
  readonly #route: Route;

  constructor(route: Route) {
    this.#route = route;
  }

  call(kind: CallKind, request: Buffer, limits: CallLimits): Promise<Buffer> {
    const { channel, methods, token } = this.#route;
    return channel.unary(methods[methodOf[kind]], request, { ...limits, token });
  }

  close(): void {}
}

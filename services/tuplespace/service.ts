/**
 * The gRPC service over a store: decode, call, encode. Every call runs on the session of its token; the store judges it.
 */
import type { Clock, GrpcHandler, GrpcHandlers, Log, ServiceMount } from '../runtime/index.js';
import { adminCalls, type ByteCall, tupleCalls, watchCall } from './byte-calls.js';
import { LeaseTies } from './lease-ties.js';
import { PipeServer } from './pipe-server.js';
import type { Store } from './store.js';
import { loadTupleSpaceContract, type MethodName } from './wire/contract.js';

export interface TupleSpaceServiceOptions {
  readonly store: Store;
  readonly log: Log;
  /** Measures how long tied leases have left. */
  readonly clock: Clock;
  /** Unanswered calls of one pipe; one more is resource_exhausted. */
  readonly pipeCallsMax: number;
}

/** The service as a server mounts it. */
export function tupleSpaceService(options: TupleSpaceServiceOptions): ServiceMount {
  return { contract: loadTupleSpaceContract(), implement: (handlers) => implement(handlers, options) };
}

function implement(
  handlers: GrpcHandlers,
  { store, log, clock, pipeCallsMax }: TupleSpaceServiceOptions,
): { readonly [K in MethodName]: GrpcHandler } {
  const ties = new LeaseTies({ clock, log });
  const unary = (call: ByteCall) =>
    handlers.unary<Buffer, Buffer>((request, { token, signal }) =>
      call(store.session(token), request, { signal }),
    );
  const calls = tupleCalls(ties.leaser());
  return {
    Write: unary(calls.write),
    Read: unary(calls.read),
    Take: unary(calls.take),
    Settle: unary(calls.settle),
    Lease: unary(calls.lease),
    Watch: handlers.serverStream<Buffer, Buffer>((request, { token, signal }) =>
      watchCall(store.session(token), request, { signal }),
    ),
    Pipe: handlers.bidi<Buffer, Buffer>((requests, reply, { token, signal }) => {
      const space = store.session(token);
      return new PipeServer({ space, ties, log, reply, callsMax: pipeCallsMax }).serve(requests, signal);
    }),
    PutSpace: unary(adminCalls.PutSpace),
    ListSpaces: unary(adminCalls.ListSpaces),
    DropSpace: unary(adminCalls.DropSpace),
    Explain: unary(adminCalls.Explain),
    GetInfo: unary(adminCalls.GetInfo),
    ReadAudit: unary(adminCalls.ReadAudit),
    Enrol: unary(adminCalls.Enrol),
    PutToken: unary(adminCalls.PutToken),
    RevokeToken: unary(adminCalls.RevokeToken),
  };
}

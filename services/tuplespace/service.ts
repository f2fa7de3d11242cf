/**
 * The gRPC service over a store: decode, call, encode. Every call runs on the session of its token; the store judges it.
 */
import type { Clock, GrpcHandler, GrpcHandlers, Log, ServiceMount } from '../runtime/index.js';
import { type ByteCall, byteCalls, enrolCall, watchCall } from './byte-calls.js';
import { EnrolmentGate } from './enrolment-gate.js';
import { LeaseTies } from './lease-ties.js';
import { PipeServer } from './pipe-server.js';
import type { Store } from './store.js';
import { withTrace } from './traced-store.js';
import { loadTupleSpaceContract, type MethodName, soleInstanceHeader } from './wire/contract.js';

export interface TupleSpaceServiceOptions {
  readonly store: Store;
  readonly log: Log;
  /** Measures how long tied leases have left. */
  readonly clock: Clock;
  /** Unanswered calls of one pipe; one more is resource_exhausted. */
  readonly pipeCallsMax: number;
  /** Enrolments in a second; one more is resource_exhausted. */
  readonly enrolmentsPerSecondMax: number;
}

/** The service as a server mounts it. */
export function tupleSpaceService(options: TupleSpaceServiceOptions): ServiceMount {
  return { contract: loadTupleSpaceContract(), implement: (handlers) => implement(handlers, options) };
}

function implement(
  handlers: GrpcHandlers,
  { store, log, clock, pipeCallsMax, enrolmentsPerSecondMax }: TupleSpaceServiceOptions,
): { readonly [K in MethodName]: GrpcHandler } {
  const ties = new LeaseTies({ clock, log });
  const unary = (call: ByteCall) =>
    handlers.unary<Buffer, Buffer>((request, { token, trace, signal }) =>
      call(withTrace(store.session(token), trace), request, () => ({ signal })),
    );
  const calls = byteCalls(ties.leaser());
  const gate = new EnrolmentGate({ clock, perSecondMax: enrolmentsPerSecondMax });
  const enrol: ByteCall = async (space, request, options) => {
    gate.pass();
    return enrolCall(space, request, options);
  };
  return {
    Write: unary(calls.write),
    Read: unary(calls.read),
    Take: unary(calls.take),
    Settle: unary(calls.settle),
    Lease: unary(calls.lease),
    Watch: handlers.serverStream<Buffer, Buffer>((request, { token, trace, signal }) =>
      watchCall(withTrace(store.session(token), trace), request, { signal }),
    ),
    Pipe: handlers.bidi<Buffer, Buffer>((requests, reply, { token, signal }) => {
      const session = (of: string) => store.session(of);
      const server = new PipeServer({ token, session, ties, log, reply, callsMax: pipeCallsMax });
      return server.serve(requests, signal);
    }, pipeHeaders(store)),
    PutSpace: unary(calls.putSpace),
    ListSpaces: unary(calls.listSpaces),
    DropSpace: unary(calls.dropSpace),
    Explain: unary(calls.explain),
    GetInfo: unary(calls.getInfo),
    ReadAudit: unary(calls.readAudit),
    Enrol: unary(enrol),
    PutToken: unary(calls.putToken),
    RevokeToken: unary(calls.revokeToken),
  };
}

/** What a client must know of a service before it sends anything. */
function pipeHeaders({ soleInstanceId }: Store): Readonly<Record<string, string>> {
  return soleInstanceId === undefined ? {} : { [soleInstanceHeader]: soleInstanceId };
}

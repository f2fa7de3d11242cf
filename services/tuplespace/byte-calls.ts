/**
 * The calls of a `TupleSpace` from the bytes of a request to the bytes of its answer.
 */
import { protobuf } from '../runtime/index.js';
import type { CallOptions, LeaseAnswer, LeaseRequest, ReadRequest, TupleSpace, WatchFrame } from './space.js';
import * as admin from './wire/admin.js';
import { type CallCodec, leaseCall, readCall, settleCall, takeCall, writeCall } from './wire/calls.js';
import type { CallKind } from './wire/pipe.js';
import { watchFrameCodec, watchRequestCodec } from './wire/watch.js';

const { decodeMessage, encodeMessage } = protobuf;

/**
 * `options` are asked for by calls that wait alone, so that the others do not pay for a signal: they are answered as soon as the store can,
 * and a caller that has gone does not hear of it.
 */
export type ByteCall = (space: TupleSpace, request: Buffer, options: () => CallOptions) => Promise<Buffer>;

/** Makes the lease call; the service ties leases to streams there. */
export type Leaser = (space: TupleSpace, request: LeaseRequest, options: CallOptions) => Promise<LeaseAnswer>;

/** The calls that are answered once, and that a pipe carries too. */
export function byteCalls(lease: Leaser): { readonly [K in CallKind]: ByteCall } {
  return {
    ...adminCalls,
    write: byteCall(writeCall, (space, request, options) => space.write(request, options)),
    read: byteCall(readCall, (space, request, options) => space.read(request, options)),
    take: byteCall(takeCall, (space, request, options) => space.take(request, options)),
    settle: byteCall(settleCall, (space, request, options) => space.settle(request, options)),
    lease: byteCall(leaseCall, lease),
  };
}

const adminCalls = {
  putSpace: byteCall(admin.putSpaceCall, (space, request, options) => space.putSpace(request, options)),
  listSpaces: byteCall(admin.listSpacesCall, (space, request, options) => space.listSpaces(request, options)),
  dropSpace: byteCall(admin.dropSpaceCall, (space, request, options) =>
    empty(space.dropSpace(request, options)),
  ),
  explain: byteCall(admin.explainCall, (space, request, options) => space.explain(request, options)),
  getInfo: byteCall(admin.getInfoCall, (space, _request, options) => space.getInfo(options)),
  readAudit: byteCall(admin.readAuditCall, (space, request, options) => space.readAudit(request, options)),
  putToken: byteCall(admin.putTokenCall, (space, request, options) =>
    empty(space.putToken(request, options)),
  ),
  revokeToken: byteCall(admin.revokeTokenCall, (space, request, options) =>
    empty(space.revokeToken(request, options)),
  ),
} satisfies { readonly [K in CallKind]?: ByteCall };

/** The one call that a pipe does not carry: who calls has no token yet. */
export const enrolCall: ByteCall = byteCall(admin.enrolCall, (space, request, options) =>
  space.enrol(request, options),
);

/** The frames of a watch, each as the bytes of its message. */
export async function* watchCall(
  space: TupleSpace,
  request: Buffer,
  options: CallOptions,
): AsyncGenerator<Buffer> {
  for await (const frame of space.watch(decodeMessage(watchRequestCodec, request), options))
    yield* frameMessages(frame);
}

function byteCall<I extends object, O>(
  codec: CallCodec<I, O>,
  call: (space: TupleSpace, request: I, options: CallOptions) => Promise<O>,
): ByteCall {
  // One promise of its own for each call: there are many at once.
  const encode = (answer: O) => encodeMessage(codec.answer, answer);
  return (space, bytes, options) => {
    try {
      const request = decodeMessage(codec.request, bytes);
      return call(space, request, doesWait(request) ? options() : prompt).then(encode);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

const prompt: CallOptions = {};

function doesWait(request: object): boolean {
  return ((request as Pick<ReadRequest, 'waitMs'>).waitMs ?? 0) > 0;
}

async function empty(done: Promise<void>): Promise<object> {
  await done;
  return {};
}

/** Messages stay below this, in bytes, where the contract lets them be split. */
const splitBytes = 1024 * 1024;

/** A frame as one message; a large snapshot as several. */
function* frameMessages(frame: WatchFrame): Generator<Buffer> {
  const bytes = encodeMessage(watchFrameCodec, frame);
  if (frame.kind !== 'snapshot' || bytes.length <= splitBytes || frame.tuples.length < 2) {
    yield bytes;
    return;
  }
  const half = Math.floor(frame.tuples.length / 2);
  yield* frameMessages({ ...frame, tuples: frame.tuples.slice(0, half), isLast: false });
  yield* frameMessages({ ...frame, tuples: frame.tuples.slice(half) });
}

/**
 * Well-formed messages, to be damaged or sent too often.
 */
import { protobuf } from '../../services/runtime/index.js';
import { template } from '../../services/tuplespace/index.js';
import { readCall, takeCall, writeCall } from '../../services/tuplespace/wire/calls.js';
import { watchRequestCodec } from '../../services/tuplespace/wire/watch.js';

const space = 'default';
const templates = [template('never')];

/** A read that waits a minute for what never comes. */
export const waitingRead = protobuf.encodeMessage(readCall.request, { space, templates, waitMs: 60_000 });

export const soundMessages: readonly Buffer[] = [
  waitingRead,
  protobuf.encodeMessage(writeCall.request, { space, tuples: [['job', 7, ['deep', [true]]]], ttlMs: 1_000 }),
  protobuf.encodeMessage(takeCall.request, { space, templates, max: 3, holdMs: 1_000 }),
  protobuf.encodeMessage(watchRequestCodec, { space, templates, from: { revision: 0n } }),
];

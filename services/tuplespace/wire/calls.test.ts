import fc from 'fast-check';
import type * as space from '../space.js';
import {
  anyMs,
  anyStoredTuple,
  anyTemplate,
  anyTuple,
  anyUint32,
  anyUint64,
  some,
  someMs,
  someText,
  someUint32,
  someUint64,
} from './arbitrary.suite.js';
import { leaseCall, readCall, settleCall, storedTupleCodec, takeCall, writeCall } from './calls.js';
import { checkCodec } from './codec-check.suite.js';
import { protoEnum, protoTuple, toProto } from './proto-shape.suite.js';
import { watchFrameCodec, watchRequestCodec } from './watch.js';

const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const requestId = some<space.RequestId>({ session: someText, sequence: count, lowestUnanswered: count });
const tuples = fc.array(anyTuple, { minLength: 1, maxLength: 3 });
const templates = fc.array(anyTemplate, { maxLength: 3 });
const stored = fc.array(anyStoredTuple, { maxLength: 3 });
const ids = fc.array(anyUint64, { maxLength: 5 });
const yes = fc.constant(true);

checkCodec({ type: 'StoredTuple', codec: storedTupleCodec, any: anyStoredTuple });
checkCodec({
  type: 'WriteRequest',
  codec: writeCall.request,
  any: some<space.WriteRequest>(
    { space: someText, tuples },
    { ttlMs: someMs, leaseId: someText, unless: anyTemplate, requestId },
  ),
});
checkCodec({
  type: 'WriteResponse',
  codec: writeCall.answer,
  any: fc.oneof(
    fc.record({ kind: fc.constant('written' as const), ids, revision: anyUint64 }),
    fc.record({ kind: fc.constant('blocked' as const), by: anyStoredTuple, revision: anyUint64 }),
  ),
  shape: (answer) =>
    answer.kind === 'written'
      ? toProto({ ids: answer.ids, revision: answer.revision })
      : toProto({ blockedBy: answer.by, revision: answer.revision }),
});
checkCodec({
  type: 'ReadRequest',
  codec: readCall.request,
  any: some<space.ReadRequest>(
    { space: someText, templates },
    {
      limit: someUint32,
      min: anyUint32,
      waitMs: someMs,
      countOnly: yes,
      includeHeld: yes,
      afterId: someUint64,
    },
  ),
  // `optional` in the proto: a zero is sent.
  shape: (request) => ({ ...toProto(request), ...(request.min === 0 ? { min: 0 } : {}) }),
});
checkCodec({
  type: 'ReadResponse',
  codec: readCall.answer,
  any: some<space.ReadAnswer>(
    { tuples: stored, count: anyUint32, isSatisfied: fc.boolean(), revision: anyUint64 },
    { nextAfterId: someUint64 },
  ),
});
checkCodec({
  type: 'TakeRequest',
  codec: takeCall.request,
  any: some<space.TakeRequest>(
    { space: someText, templates },
    { max: someUint32, min: someUint32, waitMs: someMs, holdMs: someMs, leaseId: someText, requestId },
  ),
});
checkCodec({
  type: 'TakeResponse',
  codec: takeCall.answer,
  any: some<space.TakeAnswer>(
    { tuples: stored, revision: anyUint64 },
    { holdToken: someText, holdExpiresAtMs: someMs },
  ),
});

const action: fc.Arbitrary<space.SettleAction> = fc.oneof(
  some<Extract<space.SettleAction, { kind: 'commit' }>>(
    { kind: fc.constant('commit' as const) },
    { tuples, ttlMs: someMs, leaseId: someText },
  ),
  fc.constant({ kind: 'release' as const }),
  fc.record({ kind: fc.constant('extend' as const), holdMs: anyMs }),
);

checkCodec({
  type: 'SettleRequest',
  codec: settleCall.request,
  any: some<space.SettleRequest>({ space: someText, holdToken: someText, action }, { requestId }),
  shape: ({ action: { kind, ...rest }, ...request }) => ({ ...toProto(request), [kind]: toProto(rest) }),
});
checkCodec({
  type: 'SettleResponse',
  codec: settleCall.answer,
  any: some<space.SettleAnswer>({ ids, revision: anyUint64 }, { holdExpiresAtMs: someMs }),
});
checkCodec({
  type: 'LeaseRequest',
  codec: leaseCall.request,
  any: some<space.LeaseRequest>(
    { space: someText, ttlMs: anyMs },
    { leaseId: someText, graceMs: someMs, ifExpiresAtMs: someMs, requestId },
  ),
});
checkCodec({
  type: 'LeaseResponse',
  codec: leaseCall.answer,
  any: some<space.LeaseAnswer>({ leaseId: someText, expiresAtMs: anyMs, revision: anyUint64 }),
});

checkCodec({
  type: 'WatchRequest',
  codec: watchRequestCodec,
  any: some<space.WatchRequest>({
    space: someText,
    templates,
    from: some<space.Cursor>({ revision: anyUint64 }, { incarnation: someText }),
  }),
});

const cursor = fc.record({ incarnation: someText, revision: anyUint64 });
const events: fc.Arbitrary<space.SpaceEvent[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<space.SpaceEventKind>('written', 'taken', 'held', 'released', 'expired'),
    tuple: anyStoredTuple,
  }),
  { maxLength: 3 },
);

checkCodec<space.WatchFrame>({
  type: 'WatchFrame',
  codec: watchFrameCodec,
  any: fc.oneof(
    fc.record({ kind: fc.constant('snapshot' as const), cursor, tuples: stored, isLast: fc.boolean() }),
    fc.record({ kind: fc.constant('events' as const), cursor, events }),
    fc.record({ kind: fc.constant('progress' as const), cursor, storeTimeMs: anyMs }),
  ),
  shape: ({ kind, cursor: at, ...content }) => ({
    cursor: toProto(at),
    [kind]: 'events' in content ? { events: content.events.map(protoEvent) } : toProto(content),
  }),
});

function protoEvent({ kind, tuple }: space.SpaceEvent): object {
  return { kind: protoEnum('EVENT_KIND', kind), tuple: protoTuple(tuple) };
}

/**
 * The calls on tuples on the wire: Write, Read, Take, Settle and Lease.
 */
import { protobuf } from '../../runtime/index.js';
import type {
  LeaseAnswer,
  LeaseRequest,
  ReadAnswer,
  ReadRequest,
  RequestId,
  SettleAction,
  SettleAnswer,
  SettleRequest,
  TakeAnswer,
  TakeRequest,
  WriteAnswer,
  WriteRequest,
} from '../space.js';
import type { StoredTuple } from '../tuple.js';
import { templateCodec } from './template.js';
import { tupleCodec, valuesField } from './value.js';

const { bool, count64, field, listOrAbsent, mapped, message, ms64, nested, nonZero, oneOf } = protobuf;
const { optional, packed, present, repeated, text, uint32, uint64 } = protobuf;

export const storedTupleCodec = message<StoredTuple>({
  id: field(1, uint64),
  values: valuesField(2),
  writer: field(3, text),
  writerEpoch: field(4, uint32),
  revision: field(5, uint64),
  writtenAtMs: field(6, ms64),
  expiresAtMs: optional(7, ms64),
  deliveryCount: field(8, uint32),
});

const requestIdCodec = message<RequestId>({
  session: field(1, text),
  sequence: field(2, count64),
  lowestUnanswered: field(3, count64),
});

interface WireWriteAnswer {
  readonly ids: readonly bigint[];
  readonly revision: bigint;
  readonly blockedBy?: StoredTuple;
}

/** A request's codec and its answer's. */
export interface CallCodec<Request, Answer> {
  readonly request: protobuf.MessageCodec<Request>;
  readonly answer: protobuf.MessageCodec<Answer>;
}

export const writeCall: CallCodec<WriteRequest, WriteAnswer> = {
  request: message<WriteRequest>({
    space: field(1, text),
    tuples: repeated(2, tupleCodec),
    ttlMs: nonZero(3, ms64),
    leaseId: nonZero(4, text),
    unless: nested(5, templateCodec),
    requestId: nested(6, requestIdCodec),
  }),
  answer: mapped(
    message<WireWriteAnswer>({
      ids: packed(1, uint64),
      revision: field(2, uint64),
      blockedBy: nested(3, storedTupleCodec),
    }),
    {
      write: (answer) =>
        answer.kind === 'written' ? answer : { ids: [], revision: answer.revision, blockedBy: answer.by },
      read: ({ ids, revision, blockedBy }) =>
        blockedBy === undefined
          ? { kind: 'written', ids, revision }
          : { kind: 'blocked', by: blockedBy, revision },
    },
  ),
};

export const readCall: CallCodec<ReadRequest, ReadAnswer> = {
  request: message<ReadRequest>({
    space: field(1, text),
    templates: repeated(2, templateCodec),
    limit: nonZero(3, uint32),
    min: present(4, uint32),
    waitMs: optional(5, ms64),
    countOnly: optional(6, bool),
    includeHeld: optional(7, bool),
    afterId: optional(8, uint64),
  }),
  answer: message<ReadAnswer>({
    tuples: repeated(1, storedTupleCodec),
    count: field(2, uint32),
    isSatisfied: field(3, bool),
    nextAfterId: optional(4, uint64),
    revision: field(5, uint64),
  }),
};

export const takeCall: CallCodec<TakeRequest, TakeAnswer> = {
  request: message<TakeRequest>({
    space: field(1, text),
    templates: repeated(2, templateCodec),
    max: nonZero(3, uint32),
    min: nonZero(4, uint32),
    waitMs: optional(5, ms64),
    holdMs: optional(6, ms64),
    leaseId: nonZero(7, text),
    requestId: nested(8, requestIdCodec),
  }),
  answer: message<TakeAnswer>({
    tuples: repeated(1, storedTupleCodec),
    holdToken: optional(2, text),
    holdExpiresAtMs: optional(3, ms64),
    revision: field(4, uint64),
  }),
};

type Commit = Omit<Extract<SettleAction, { kind: 'commit' }>, 'kind'>;
type Extend = Omit<Extract<SettleAction, { kind: 'extend' }>, 'kind'>;

export const settleCall: CallCodec<SettleRequest, SettleAnswer> = {
  request: message<SettleRequest>({
    space: field(1, text),
    holdToken: field(2, text),
    action: oneOf<SettleAction>({
      commit: {
        number: 3,
        codec: message<Commit>({
          tuples: listOrAbsent(repeated(1, tupleCodec)),
          ttlMs: nonZero(2, ms64),
          leaseId: nonZero(3, text),
        }),
      },
      release: { number: 4, codec: message<object>({}) },
      extend: { number: 5, codec: message<Extend>({ holdMs: field(1, ms64) }) },
    }),
    requestId: nested(6, requestIdCodec),
  }),
  answer: message<SettleAnswer>({
    ids: packed(1, uint64),
    holdExpiresAtMs: optional(2, ms64),
    revision: field(3, uint64),
  }),
};

export const leaseCall: CallCodec<LeaseRequest, LeaseAnswer> = {
  request: message<LeaseRequest>({
    space: field(1, text),
    leaseId: nonZero(2, text),
    ttlMs: field(3, ms64),
    graceMs: optional(4, ms64),
    requestId: nested(5, requestIdCodec),
    ifExpiresAtMs: optional(6, ms64),
  }),
  answer: message<LeaseAnswer>({
    leaseId: field(1, text),
    expiresAtMs: field(2, ms64),
    revision: field(3, uint64),
  }),
};

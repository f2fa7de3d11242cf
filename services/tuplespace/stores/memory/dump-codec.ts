/**
 * The records of a dump as bytes: protobuf messages, so that any version of Node reads what another wrote. They are the service's own
 * format, of the number `dumpFormat`, and no part of its API.
 */
import { protobuf } from '../../../runtime/index.js';
import { copyValues } from '../../checks-tuple.js';
import type { AuditEntry, SpaceEventKind } from '../../space.js';
import type { StoredTuple, Tuple } from '../../tuple.js';
import { refusalCountCodec } from '../../wire/admin.js';
import { leaseCall, settleCall, storedTupleCodec, takeCall, writeCall } from '../../wire/calls.js';
import { tupleCodec } from '../../wire/value.js';
import type { AnswerShape, DumpRecord, RecordKind, RefusalShape, Shapes } from './dump-shapes.js';
import { parse, stringify } from './tagged-json.js';

/** Rises with every change after which older or newer versions read a dump wrongly. */
export const dumpFormat = 2;

export interface EncodedRecord {
  /** Of the record's kind; 1 to 255. */
  readonly number: number;
  readonly bytes: Buffer;
}

/** The number of the record that every dump, of whatever format, begins with. */
export const headerNumber = 1;

export function encodeRecord({ kind, state }: DumpRecord): EncodedRecord {
  // Each kind's codec is that of its state.
  const { number, codec } = codecs[kind] as RecordCodec<unknown>;
  return { number, bytes: encodeMessage(codec, state, sizeHint) };
}

/** Errors: those of a malformed message; undefined for a number that stands for no kind. */
export function decodeRecord({ number, bytes }: EncodedRecord): DumpRecord | undefined {
  const kind = kinds.get(number);
  if (kind === undefined) return undefined;
  const { codec } = codecs[kind] as RecordCodec<unknown>;
  return { kind, state: decodeMessage(codec, bytes) } as DumpRecord;
}

const { bool, count64, decodeMessage, encodeMessage, enumOf, field, mapped, message, ms64, nested } =
  protobuf;
const { present, repeated, required, text, uint32 } = protobuf;

/** Bytes of a common record. */
const sizeHint = 256;

interface RecordCodec<State> {
  readonly number: number;
  readonly codec: protobuf.MessageCodec<State>;
}

/** For what is rare, and has texts that need not be well-formed. */
function jsonCodec<T>(): protobuf.MessageCodec<T> {
  return mapped(message<{ readonly json: string }>({ json: field(1, text) }), {
    write: (value) => ({ json: stringify(value) }),
    read: ({ json }) => parse(json) as T,
  });
}

/** As the space keeps it. */
const keptTupleCodec: protobuf.MessageCodec<StoredTuple> = mapped(storedTupleCodec, {
  write: (tuple) => tuple,
  read: frozen,
});

const refusalCodec: protobuf.MessageCodec<RefusalShape> = mapped(
  message<{ readonly facts: Omit<AuditEntry, 'tuple'>; readonly tuple: Tuple; readonly bytes: number }>({
    facts: required(nested(1, jsonCodec<Omit<AuditEntry, 'tuple'>>())),
    tuple: required(nested(2, tupleCodec)),
    bytes: field(3, count64),
  }),
  {
    write: ({ entry: { tuple, ...facts }, bytes }) => ({ facts, tuple, bytes }),
    read: ({ facts, tuple, bytes }) => ({ entry: { ...facts, tuple: copyValues(tuple) }, bytes }),
  },
);

const answerCodec: protobuf.MessageCodec<AnswerShape> = message<AnswerShape>({
  sequence: field(1, count64),
  bytes: field(2, count64),
  write: nested(
    3,
    mapped(writeCall.answer, {
      write: (answer) => answer,
      read: (answer) => (answer.kind === 'blocked' ? { ...answer, by: frozen(answer.by) } : answer),
    }),
  ),
  take: nested(
    4,
    mapped(takeCall.answer, {
      write: (answer) => answer,
      read: (answer) => ({ ...answer, tuples: answer.tuples.map(frozen) }),
    }),
  ),
  settle: nested(5, settleCall.answer),
  lease: nested(6, leaseCall.answer),
});

/** In the order of their numbers, from 1. */
const eventKinds: readonly SpaceEventKind[] = ['written', 'taken', 'held', 'released', 'expired'];

const codecs: { readonly [K in RecordKind]: RecordCodec<Shapes[K]> } = {
  header: { number: headerNumber, codec: message({ format: field(1, uint32) }) },
  token: { number: 2, codec: jsonCodec() },
  epoch: { number: 3, codec: jsonCodec() },
  space: { number: 4, codec: jsonCodec() },
  standing: {
    number: 5,
    codec: message({
      lastId: field(1, count64),
      lastHold: field(2, count64),
      lastLease: field(3, count64),
      lastSequence: field(4, count64),
      freedCount: field(5, count64),
    }),
  },
  term: {
    number: 6,
    codec: message({ number: field(1, count64), dueMs: field(2, ms64), sequence: field(3, count64) }),
  },
  hold: {
    number: 7,
    codec: message({
      number: field(1, count64),
      lease: field(2, count64),
      dueMs: field(3, ms64),
      sequence: field(4, count64),
    }),
  },
  tuple: {
    number: 8,
    codec: message({
      tuple: required(nested(1, keptTupleCodec)),
      bytes: field(2, count64),
      hasBytes: field(3, bool),
      term: field(4, count64),
      hold: field(5, count64),
    }),
  },
  history: { number: 9, codec: message({ oldestRevision: field(1, count64) }) },
  event: {
    number: 10,
    codec: message({
      revision: field(1, count64),
      kind: required(present(2, enumOf(eventKinds))),
      tuple: required(nested(3, keptTupleCodec)),
      bytes: field(4, count64),
      hasBytes: field(5, bool),
    }),
  },
  audit: {
    number: 11,
    codec: message({ lastSequence: field(1, count64), refusals: repeated(2, refusalCountCodec) }),
  },
  refusal: { number: 12, codec: refusalCodec },
  requests: { number: 13, codec: message({ nextSweepMs: field(1, ms64) }) },
  session: { number: 14, codec: jsonCodec() },
  answer: { number: 15, codec: answerCodec },
  rates: { number: 17, codec: jsonCodec() },
  end: { number: 16, codec: message({ recordCount: field(1, count64) }) },
};

const kinds = new Map(Object.entries(codecs).map(([kind, { number }]) => [number, kind as RecordKind]));

/** What the wire gives is the reader's own; what a space keeps cannot be changed, but for the content of bytes. */
function frozen(tuple: StoredTuple): StoredTuple {
  return Object.freeze({ ...tuple, values: copyValues(tuple.values) });
}

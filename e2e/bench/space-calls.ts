/**
 * The calls that `npm run bench:space` measures, each beside what a raw store and a bare echo do in its place.
 */
import { protobuf } from '../../services/runtime/index.js';
import type { Tuple, TupleSpace } from '../../services/tuplespace/index.js';
import { any, template } from '../../services/tuplespace/index.js';
import * as wire from '../../services/tuplespace/wire/calls.js';
import type { EchoSize } from './echo.js';
import type { RawStore } from './raw.js';

export interface MeasuredCall {
  readonly name: string;
  /** Calls of one slice. */
  readonly callCount: number;
  /** What one call needs of the wire: the sizes of its requests and answers. */
  readonly trips: readonly EchoSize[];
  /** Puts in what the calls take, if they do. */
  readonly needsJobs: boolean;
  readonly ours: (
    space: TupleSpace,
    at: { space: string; residentCount: number; nth: number },
  ) => Promise<unknown>;
  readonly raw: (store: RawStore, nth: number) => Promise<unknown>;
}

/** Tuples of one run, round and general, as votes are: a template binds four fields of five. */
const runs = 1_000;
const generals = 100;

/** The resident tuples all differ in (run, round, general). */
export function vote(i: number): Tuple {
  return [
    'vote',
    BigInt(i % runs),
    BigInt(Math.floor(i / (runs * generals))),
    `general-${Math.floor(i / runs) % generals}`,
    i % 2 === 0 ? 'Attack' : 'Retreat',
  ];
}

function selective(i: number) {
  const [kind, run, round, general] = vote(i);
  return template(kind as string, run as bigint, round as bigint, general as string, any);
}

/** What the measured takes take: as large as a vote, each of its own number. */
export function job(nth: number): Tuple {
  return ['job', BigInt(nth), 0n, 'general-42', 'Attack'];
}

function jobTemplate(nth: number) {
  return template('job', BigInt(nth), any, any, any);
}

/** What the measured writes write. */
function word(nth: number): Tuple {
  return ['word', BigInt(nth), 0n, 'general-42', 'Attack'];
}

export const wordTemplate = template('word', any, any, any, any);

const manyCount = 100;
const holdMs = 60_000;
const body = Buffer.alloc(40, 'x');

/** As a client makes them. */
const requestId = { session: '0'.repeat(24), sequence: 1_000_000, lowestUnanswered: 999_900 };
const space = 'bench-1000000';
const stored = {
  id: 1_000_000n,
  values: vote(1),
  revision: 1_000_000n,
  writer: 'bench',
  writerEpoch: 0,
  writtenAtMs: 1_700_000_000_000,
  deliveryCount: 0,
};

export const measuredCalls: readonly MeasuredCall[] = [
  {
    name: 'write 1',
    callCount: 4_000,
    needsJobs: false,
    trips: [writeSize(1)],
    ours: (space, { space: name, nth }) => space.write({ space: name, tuples: [word(nth)] }),
    raw: (store, nth) => store.write([{ key: `word-${nth}`, body }]),
  },
  {
    name: 'write 100',
    callCount: 200,
    needsJobs: false,
    trips: [writeSize(manyCount)],
    ours: (space, { space: name, nth }) =>
      space.write({
        space: name,
        tuples: Array.from({ length: manyCount }, (_, i) => word(nth * manyCount + i)),
      }),
    raw: (store, nth) =>
      store.write(
        Array.from({ length: manyCount }, (_, i) => ({ key: `word-${nth * manyCount + i}`, body })),
      ),
  },
  {
    name: 'read',
    callCount: 4_000,
    needsJobs: false,
    trips: [readSize()],
    ours: (space, { space: name, residentCount, nth }) =>
      space.read({ space: name, templates: [selective((nth * 7_919) % residentCount)], limit: 1 }),
    raw: (store, nth) => store.read(`job-${nth}`),
  },
  {
    name: 'take',
    callCount: 4_000,
    needsJobs: true,
    trips: [takeSize()],
    ours: (space, { space: name, nth }) => space.take({ space: name, templates: [jobTemplate(nth)] }),
    raw: (store, nth) => store.take(`job-${nth}`),
  },
  {
    name: 'take, settle',
    callCount: 2_000,
    needsJobs: true,
    trips: [takeSize(), settleSize()],
    ours: async (space, { space: name, nth }) => {
      const { holdToken = '' } = await space.take({ space: name, templates: [jobTemplate(nth)], holdMs });
      await space.settle({ space: name, holdToken, action: { kind: 'commit' } });
    },
    raw: async (store, nth) => {
      await store.take(`job-${nth}`);
      await store.write([{ key: `done-${nth}`, body }]);
    },
  },
];

/** The jobs of a slice, as a raw store keeps them. */
export function rawJobs(count: number): { readonly key: string; readonly body: Buffer }[] {
  return Array.from({ length: count }, (_, i) => ({ key: `job-${i}`, body }));
}

function writeSize(count: number): EchoSize {
  const tuples = Array.from({ length: count }, (_, i) => word(1_000 + i));
  const ids = tuples.map((_, i) => BigInt(1_000_000 + i));
  const { request, answer } = wire.writeCall;
  return sizeOf(
    protobuf.encodeMessage(request, { space, tuples, requestId }),
    protobuf.encodeMessage(answer, { kind: 'written', ids, revision: 1_000_000n }),
  );
}

function readSize(): EchoSize {
  const { request, answer } = wire.readCall;
  return sizeOf(
    protobuf.encodeMessage(request, { space, templates: [selective(1)], limit: 1 }),
    protobuf.encodeMessage(answer, { tuples: [stored], count: 1, isSatisfied: true, revision: 1_000_000n }),
  );
}

function takeSize(): EchoSize {
  const { request, answer } = wire.takeCall;
  return sizeOf(
    protobuf.encodeMessage(request, { space, templates: [jobTemplate(1)], requestId }),
    protobuf.encodeMessage(answer, { tuples: [stored], revision: 1_000_000n }),
  );
}

function settleSize(): EchoSize {
  const { request, answer } = wire.settleCall;
  const holdToken = '0'.repeat(36);
  return sizeOf(
    protobuf.encodeMessage(request, { space, holdToken, action: { kind: 'commit' }, requestId }),
    protobuf.encodeMessage(answer, { ids: [], revision: 1_000_000n }),
  );
}

function sizeOf(request: Buffer, answer: Buffer): EchoSize {
  return { request: request.length, answer: answer.length };
}

/**
 * Replicas that applied the same log are in the same state, byte by byte: whatever their callers did at the same time, whichever of them
 * read or waited, and however each came to its place.
 */
import * as fc from 'fast-check';
import { ManualClock } from '../../../runtime/index.js';
import type { TupleSpace } from '../../space.js';
import { type Act, anyAct, type Known, requestOf } from '../memory/machine-run.suite.js';
import { Applier } from './applier.js';
import { LogTime } from './drive.js';
import { MemoryLog } from './memory-log.suite.js';
import { ReplicatedStore } from './store.js';

/** Calls at the same time. */
const workerCount = 6;

async function act(space: TupleSpace, what: Act, known: Known): Promise<void> {
  const answer = await callOf(space, what, known);
  const { holdToken, leaseId } = (answer ?? {}) as { holdToken?: string; leaseId?: string };
  if (holdToken !== undefined) known.holds.push(holdToken);
  if (leaseId !== undefined) known.leases.push(leaseId);
}

function callOf(space: TupleSpace, what: Act, known: Known): Promise<unknown> {
  switch (what.kind) {
    case 'write':
      return space.write(requestOf(what, known));
    case 'take':
      return space.take(requestOf(what, known));
    case 'tryTake':
      // One that waits, and tries as often as something comes.
      return space.take({ ...requestOf(what, known), waitMs: 10 });
    case 'settle':
      return space.settle(requestOf(what, known));
    case 'lease':
      return space.lease(requestOf(what, known));
    case 'putSpace':
      return space.putSpace({ space: what.space, settings: what.settings });
    case 'dropSpace':
      return space.dropSpace({ space: what.space });
    case 'look':
      return space.listSpaces({});
    default:
      return space.read({ space: what.space, templates: [[{ kind: 'any' }, { kind: 'any' }]] });
  }
}

/** Runs the acts over all replicas, several at a time, while time passes. */
async function run(acts: readonly Act[], stores: readonly ReplicatedStore[], clock: ManualClock) {
  const known: Known = { holds: [], leases: [] };
  let next = 0;
  const work = async () => {
    for (let i = next++; i < acts.length; i = next++) {
      const what = acts[i] as Act;
      const store = stores[i % stores.length] as ReplicatedStore;
      if (what.kind === 'elapse') clock.advance(what.ms);
      else await act(store.session(''), what, known).catch(() => {});
    }
  };
  let isOver = false;
  const passing = (async () => {
    while (!isOver) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1);
    }
  })();
  await Promise.all(Array.from({ length: workerCount }, work));
  isOver = true;
  await passing;
}

async function withReplicas(
  acts: readonly Act[],
  look: (log: MemoryLog, stores: readonly ReplicatedStore[]) => Promise<void>,
): Promise<void> {
  const clock = new ManualClock();
  const opener = new MemoryLog(clock);
  const options = { clock, opener, version: '0.0.0', spacesMax: 3, tokensMax: 6 };
  const stores = [1, 2, 3].map(() => new ReplicatedStore(options));
  for (const store of stores) await store.start();
  try {
    await run(acts, stores, clock);
    await look(opener, stores);
  } finally {
    await Promise.all(stores.map((store) => store.stop()));
  }
}

/** Resolves when all replicas have applied all, and none of them has more to append. */
async function settled(log: MemoryLog, stores: readonly ReplicatedStore[]): Promise<void> {
  let head: number;
  do {
    head = log.headPosition;
    for (let turn = 0; turn < 5; turn++) {
      await Promise.all(stores.map((store) => store.session('').getInfo()));
    }
  } while (log.headPosition !== head);
}

function applierOf(): Applier {
  const clock = new ManualClock();
  const time = new LogTime();
  return new Applier({
    pace: { clock, time, presentTime: time, waitTime: time, onDue: () => {} },
    onOutcome: () => {},
    onReplaced: (machine) => machine.spaces.close(),
  });
}

const manyActs = fc.array(anyAct, { minLength: 20, maxLength: 150, size: 'max' });

describe('three replicas over one log', () => {
  it('are in the same state after any run of calls at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(manyActs, (acts) =>
        withReplicas(acts, async (log, stores) => {
          await settled(log, stores);
          const dumps = stores.map((store) => Buffer.concat([...store.dump()]));
          expect(dumps.map((dump) => dump.equals(dumps[0] as Buffer))).toEqual([true, true, true]);
        }),
      ),
      { numRuns: 30 },
    );
  });

  it('are joined by one that starts from a snapshot at any place, in the state of one that applied everything', async () => {
    await fc.assert(
      fc.asyncProperty(manyActs, fc.double({ min: 0, max: 1, noNaN: true }), (acts, part) =>
        withReplicas(acts, async (log) => {
          const { entries } = log;
          const place = Math.max(1, Math.floor(entries.length * part));
          const [whole, late] = [applierOf(), applierOf()];
          for (const entry of entries.slice(0, place)) whole.apply(entry);
          const parts = [...whole.dump()];
          await late.restore(
            whole.position,
            (async function* all() {
              yield* parts;
            })(),
          );
          for (const applier of [whole, late]) for (const entry of entries.slice(place)) applier.apply(entry);
          const [left, right] = [whole, late].map((applier) => Buffer.concat([...applier.dump()]));
          expect(late.position).toBe(entries.at(-1)?.position);
          expect(left?.equals(right ?? Buffer.alloc(0))).toBe(true);
        }),
      ),
      { numRuns: 30 },
    );
  });
});

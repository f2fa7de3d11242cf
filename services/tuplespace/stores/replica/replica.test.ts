import { ManualClock } from '../../../runtime/index.js';
import { until } from '../../../runtime/testing/conditions.js';
import type { TupleSpace, WatchFrame } from '../../space.js';
import { any, anyOf, exact } from '../../template.js';
import { encodeBatch } from './command.js';
import { MemoryLog } from './memory-log.suite.js';
import { ReplicatedStore, type ReplicatedStoreOptions } from './store.js';

const space = 'default';
const job = [exact('job'), any];
const clock = new ManualClock();
const stores: ReplicatedStore[] = [];
let log: MemoryLog;

beforeEach(() => {
  log = new MemoryLog(clock);
});
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.stop()));
});

async function start(options: Partial<ReplicatedStoreOptions> = {}): Promise<TupleSpace> {
  const store = new ReplicatedStore({ clock, opener: log, version: '0.0.0', ...options });
  stores.push(store);
  await store.start();
  return store.session('');
}

async function lastFrame(replica: TupleSpace, from: { incarnation?: string; revision: bigint }) {
  let last: WatchFrame | undefined;
  for await (const frame of replica.watch({ space, templates: [], from })) {
    last = frame;
    if (frame.kind === 'progress') break;
  }
  return last;
}

/** Breaks all connections, lets `meanwhile` happen to the store, and waits until the replicas serve again. */
async function outage(meanwhile: () => void): Promise<void> {
  log.down();
  meanwhile();
  log.up();
  await until('the replicas are back', async () => {
    clock.advance(1_000);
    const answers = await Promise.allSettled(stores.map((store) => store.session('').getInfo()));
    return answers.every(({ status }) => status === 'fulfilled');
  });
}

describe('a store that lost its tail', () => {
  it('refuses the cursors of before, and gives nothing a name that was given in what is lost', async () => {
    const [left, right] = [await start(), await start()];
    await left.write({ space, tuples: [['job', 1n]] });
    const cursor = (await lastFrame(left, { revision: 0n }))?.cursor;
    const kept = log.entries.length;
    await left.write({ space, tuples: [['job', 2n]] });
    const lost = await right.take({ space, templates: [job], holdMs: 50_000 });
    await outage(() => {
      log.entries = log.entries.slice(0, kept);
    });
    expect((await left.read({ space, templates: [job] })).tuples.map(({ values }) => values[1])).toEqual([
      1n,
    ]);
    for (const replica of [left, right, await start()]) {
      await expect(
        lastFrame(replica, { incarnation: cursor?.incarnation ?? '', revision: cursor?.revision ?? 0n }),
      ).rejects.toMatchObject({ code: 'out_of_range' });
    }
    const held = await left.take({ space, templates: [job], holdMs: 50_000 });
    expect(held.holdToken).not.toBe(lost.holdToken);
    const settling = left.settle({ space, holdToken: lost.holdToken ?? '', action: { kind: 'commit' } });
    await expect(settling).rejects.toMatchObject({ code: 'failed_precondition' });
    await right.write({ space, tuples: [['job', 3n]] });
    const { tuples } = await right.read({ space, templates: [[exact('job'), exact(3n)]] });
    expect(tuples[0]?.id).toBeGreaterThan(1_000n);
  });

  it('is noticed too when others have written since, where the lost entries were', async () => {
    const left = await start();
    const { incarnation } = await left.putSpace({ space: 's', settings: {} });
    const kept = log.entries.slice();
    await left.write({ space: 's', tuples: [['job', 1n]] });
    const late: ReplicatedStore[] = stores.splice(0);
    log.down();
    log.entries = kept;
    log.up();
    const right = await start();
    for (let i = 0; i < 5; i++) await right.write({ space: 's', tuples: [['job', 2n]] });
    stores.push(...late);
    await outage(() => {});
    expect((await right.putSpace({ space: 's', settings: {} })).incarnation).not.toBe(incarnation);
    const tuples = (await left.read({ space: 's', templates: [job] })).tuples;
    expect(tuples.map(({ values }) => values[1])).toEqual([2n, 2n, 2n, 2n, 2n]);
  });

  it('is noticed by whoever has seen more of it, though no replica has', async () => {
    const before = await start();
    await before.write({ space, tuples: [['job', 1n]] });
    const known = (await lastFrame(before, { revision: 0n }))?.cursor;
    const kept = log.entries.length;
    await before.write({ space, tuples: [['job', 2n]] });
    const lost = (await lastFrame(before, { revision: 0n }))?.cursor;
    await Promise.all(stores.splice(0).map((store) => store.stop()));
    log.entries = log.entries.slice(0, kept);
    const after = await start();
    if (known === undefined || lost === undefined) throw new Error('no cursor');
    await expect(lastFrame(after, lost)).rejects.toMatchObject({
      code: 'out_of_range',
      message: expect.stringContaining('the store has lost it since, it reaches from 0 to 1'),
    });
    expect((await lastFrame(after, known))?.cursor).toEqual(known);
  });

  it('lets no call hang that was under way when it was emptied', async () => {
    const left = await start();
    await left.write({ space, tuples: [['job', 1n]] });
    log.entries = [];
    await expect(left.write({ space, tuples: [['job', 2n]] })).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a log of a newer version', () => {
  it('is refused, at the start and when it becomes one', async () => {
    const left = await start();
    const command = { number: 99, tokenHash: '', request: Buffer.alloc(0) };
    const body = encodeBatch({ replica: 'newer', number: 1, commands: [command] });
    log.entries.push({ position: log.headPosition + 1, timeMs: 0, body });
    await expect(left.read({ space, templates: [job] })).rejects.toMatchObject({ code: 'unavailable' });
    await expect(start()).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringContaining('start a newer service'),
    });
  });
});

describe('a replica that is behind', () => {
  it('refuses a search that others made too broad, and does not refuse its repetition', async () => {
    const [left, right] = [await start(), await start()];
    await left.putSpace({ space: 's', settings: { limits: { examinedMax: 10, readTuplesMax: 10 } } });
    await right.getInfo();
    const templates = [[exact('x'), anyOf('double')]];
    const requestId = { session: 'a', sequence: 1, lowestUnanswered: 1 };
    const answer = await right.take({ space: 's', templates, requestId });
    await left.write({ space: 's', tuples: Array.from({ length: 20 }, (_, i) => ['x', BigInt(i)]) });
    await expect(right.take({ space: 's', templates })).rejects.toMatchObject({ code: 'resource_exhausted' });
    await expect(
      right.write({ space: 's', tuples: [['y', 1n]], unless: templates[0] ?? [] }),
    ).rejects.toMatchObject({
      code: 'resource_exhausted',
    });
    expect(await left.take({ space: 's', templates, requestId })).toEqual(answer);
    expect((await left.read({ space: 's', templates: [[exact('y'), any]] })).tuples).toEqual([]);
  });

  it('fails a take that waits once its search is too broad, whoever made it so', async () => {
    const [left, right] = [await start(), await start()];
    await left.putSpace({ space: 's', settings: { limits: { examinedMax: 10, readTuplesMax: 10 } } });
    await right.getInfo();
    const waiting = right.take({ space: 's', templates: [[exact('x'), anyOf('double')]], waitMs: 50_000 });
    const failure = expect(waiting).rejects.toMatchObject({ code: 'resource_exhausted' });
    await left.write({ space: 's', tuples: Array.from({ length: 20 }, (_, i) => ['x', BigInt(i)]) });
    await left.write({ space: 's', tuples: [['x', 1.5]] });
    await failure;
  });
});

describe('takes that wait in a replica', () => {
  const waitMs = 50_000;
  const numberOf = async (take: ReturnType<TupleSpace['take']>) => (await take).tuples[0]?.values[1];
  const waiting = async (replica: TupleSpace, count: number) => {
    await until(`${count} takes wait`, async () => {
      const { spaces } = await replica.listSpaces({});
      return spaces[0]?.waiterCount === count;
    });
  };

  it('go into the log with what they wait for, where that comes through the same replica', async () => {
    const [left, right] = [await start(), await start()];
    const take = left.take({ space, templates: [job], waitMs });
    await waiting(left, 1);
    const before = log.headPosition;
    await left.write({ space, tuples: [['job', 1n]] });
    expect(await numberOf(take)).toBe(1n);
    expect(log.headPosition).toBe(before + 1);
    const again = left.take({ space, templates: [job], waitMs });
    await waiting(left, 1);
    await right.write({ space, tuples: [['job', 2n]] });
    expect(await numberOf(again)).toBe(2n);
    expect(log.headPosition).toBe(before + 4);
  });

  it('are served in the order in which they came, one by one tuple, and wait on where a write comes to nothing', async () => {
    const left = await start();
    const takes = [1, 2, 3].map(() => left.take({ space, templates: [job], waitMs }));
    await waiting(left, 3);
    const blocked = await left
      .write({ space, tuples: [['other', 1n]] })
      .then(() => left.write({ space, tuples: [['job', 0n]], unless: [exact('other'), any] }));
    expect(blocked.kind).toBe('blocked');
    await waiting(left, 3);
    const before = log.headPosition;
    for (const number of [1n, 2n, 3n]) await left.write({ space, tuples: [['job', number]] });
    expect(await Promise.all(takes.map(numberOf))).toEqual([1n, 2n, 3n]);
    expect(log.headPosition).toBe(before + 3);
  });

  it('are served too by what a settled hold writes', async () => {
    const left = await start();
    await left.write({ space, tuples: [['raw', 1n]] });
    const { holdToken = '' } = await left.take({ space, templates: [[exact('raw'), any]], holdMs: 60_000 });
    const take = left.take({ space, templates: [job], min: 2, max: 2, waitMs });
    await waiting(left, 1);
    const before = log.headPosition;
    await left.write({ space, tuples: [['job', 1n]] });
    const tuples = [['job', 2n]];
    await left.settle({ space, holdToken, action: { kind: 'commit', tuples } });
    expect((await take).tuples.map(({ values }) => values[1])).toEqual([1n, 2n]);
    expect(log.headPosition).toBe(before + 2);
  });
});

describe('snapshots', () => {
  it('are made while calls come without a pause, by one replica at a time', async () => {
    const replicas = [await start({ snapshotEvery: 20 }), await start({ snapshotEvery: 20 })];
    let isOver = false;
    const writing = replicas.flatMap((replica) =>
      [1, 2, 3].map(async () => {
        while (!isOver) await replica.write({ space, tuples: [['job', 1n]], ttlMs: 1_000 });
      }),
    );
    await until('three snapshots', () => log.snapshotCount >= 3);
    isOver = true;
    await Promise.all(writing);
    const late = await start();
    const count = async (replica: TupleSpace) =>
      (await replica.read({ space, templates: [job], countOnly: true })).count;
    expect(await count(late)).toBe(await count(replicas[0] ?? late));
  });
});

describe('replicas', () => {
  it('keep the last options of them all, and what stood under the ones before', async () => {
    const left = await start();
    await left.write({ space, tuples: [['job', 1n]] });
    const right = await start({ historyMax: 7 });
    await right.write({ space, tuples: [['job', 2n]] });
    const { tuples } = await left.read({ space, templates: [job] });
    expect(tuples.map(({ values }) => values[1])).toEqual([1n, 2n]);
  });
});

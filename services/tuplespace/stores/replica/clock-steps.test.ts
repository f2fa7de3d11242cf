/**
 * A store whose clock is stepped, as by its machine's administrator, while holds and leases run.
 */
import { type Clock, ManualClock } from '../../../runtime/index.js';
import { until } from '../../../runtime/testing/conditions.js';
import type { TupleSpace } from '../../space.js';
import { any, exact } from '../../template.js';
import { MemoryLog } from './memory-log.suite.js';
import { ReplicatedStore } from './store.js';

const space = 'default';
const job = [exact('job'), any];
const stepMs = 5_000;

/** Of the replicas; the store's own is ahead of it by `aheadMs`. */
let clock: ManualClock;
let aheadMs: number;
let log: MemoryLog;
let stores: ReplicatedStore[];
let left: TupleSpace;
let right: TupleSpace;

beforeEach(async () => {
  clock = new ManualClock();
  aheadMs = 0;
  const storeClock: Clock = {
    wallMs: () => clock.wallMs() + aheadMs,
    monotonicMs: () => clock.monotonicMs(),
    after: (delayMs, run) => clock.after(delayMs, run),
  };
  log = new MemoryLog(storeClock);
  stores = [0, 1].map(() => new ReplicatedStore({ clock, opener: log, version: '0.0.0' }));
  for (const store of stores) await store.start();
  [left, right] = stores.map((store) => store.session('')) as [TupleSpace, TupleSpace];
});
afterEach(() => Promise.all(stores.map((store) => store.stop())));

/** Lets time pass in steps of 10 ms, and what is under way come to its end in each. */
async function pass(ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 10) {
    clock.advance(10);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function held(holdMs: number): Promise<string> {
  await left.write({ space, tuples: [['job', 1n]] });
  return (await left.take({ space, templates: [job], holdMs })).holdToken ?? '';
}

const commit = (holdToken: string) => left.settle({ space, holdToken, action: { kind: 'commit' } });
const freeCount = async () => (await right.read({ space, templates: [job], countOnly: true })).count;

describe('a store whose clock is set ahead', () => {
  it('ends a hold early by the step and by no more, and refuses its late commit', async () => {
    const short = await held(stepMs + 100);
    aheadMs += stepMs;
    await pass(90);
    expect(await freeCount()).toBe(0);
    await pass(20);
    expect(await freeCount()).toBe(1);
    await expect(commit(short)).rejects.toMatchObject({ code: 'failed_precondition' });
    const again = await right.take({ space, templates: [job] });
    expect(again.tuples.map(({ deliveryCount }) => deliveryCount)).toEqual([1]);
  });

  it('ends no wait early', async () => {
    let isOver = false;
    const waiting = left.take({ space, templates: [job], waitMs: 1_000 }).finally(() => {
      isOver = true;
    });
    await until('the take waits', async () => (await right.listSpaces({})).spaces.length === 1);
    aheadMs += stepMs;
    await pass(900);
    await right.write({ space, tuples: [['other', 1n]] });
    expect(isOver).toBe(false);
    await pass(200);
    expect(isOver).toBe(true);
    expect((await waiting).tuples).toEqual([]);
  });
});

describe('a store whose clock is set back', () => {
  it('never lets its time run back: a hold lasts longer by the step and by no more', async () => {
    const token = await held(1_000);
    aheadMs -= stepMs;
    await pass(1_000 + stepMs - 10);
    expect(await freeCount()).toBe(0);
    await pass(150);
    expect(await freeCount()).toBe(1);
    await expect(commit(token)).rejects.toMatchObject({ code: 'failed_precondition' });
    const times = log.entries.map(({ timeMs }) => timeMs);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it('is not asked without a pause whether its time goes on', async () => {
    await held(1_000);
    aheadMs -= stepMs;
    await pass(1_000);
    const before = log.entries.length;
    await pass(stepMs - 100);
    const asked = log.entries.length - before;
    // Two replicas, each every 100 ms.
    expect(asked).toBeGreaterThan(10);
    expect(asked).toBeLessThan(150);
  });

  it('lets a wait end in time', async () => {
    aheadMs -= stepMs;
    let isOver = false;
    const waiting = left.take({ space, templates: [job], waitMs: 1_000 }).finally(() => {
      isOver = true;
    });
    for (let i = 0; i < 11; i++) {
      await pass(100);
      await right.write({ space, tuples: [['other', BigInt(i)]] });
    }
    await pass(50);
    expect(isOver).toBe(true);
    expect((await waiting).tuples).toEqual([]);
  });
});

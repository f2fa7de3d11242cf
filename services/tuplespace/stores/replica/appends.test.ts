import { ManualClock, ServiceError } from '../../../runtime/index.js';
import { until } from '../../../runtime/testing/conditions.js';
import type { TupleSpace } from '../../space.js';
import { any } from '../../template.js';
import type { LogOpener } from './log.js';
import { MemoryLog } from './memory-log.suite.js';
import { ReplicatedStore } from './store.js';

const space = 'default';
const clock = new ManualClock();
const stores: ReplicatedStore[] = [];

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.stop()));
});

/** A log that keeps back its answers to appends while it is told to, and refuses an append when it is told to. */
class SlowLog implements LogOpener {
  readonly inner = new MemoryLog(clock);
  /** Appends that were begun. */
  begunCount = 0;
  isFull = false;
  #kept: (() => void)[] | undefined;

  async open(events: Parameters<LogOpener['open']>[0]) {
    const log = await this.inner.open(events);
    const append = log.append.bind(log);
    return Object.assign(log, {
      append: async (after: number, body: Uint8Array) => {
        this.begunCount += 1;
        if (this.isFull) throw new ServiceError('resource_exhausted', 'the store is full');
        const appended = await append(after, body);
        await new Promise<void>((resolve) =>
          this.#kept === undefined ? resolve() : this.#kept.push(resolve),
        );
        return appended;
      },
    });
  }

  keep(): void {
    this.#kept = [];
  }

  release(): void {
    for (const resolve of this.#kept ?? []) resolve();
    this.#kept = undefined;
  }
}

async function start(opener: LogOpener): Promise<TupleSpace> {
  const store = new ReplicatedStore({ clock, opener, version: '0.0.0' });
  stores.push(store);
  await store.start();
  return store.session('');
}

function write(replica: TupleSpace, number: number) {
  return replica.write({ space, tuples: [['job', BigInt(number)]] });
}

async function numbers(replica: TupleSpace): Promise<unknown[]> {
  return (await replica.read({ space, templates: [[any, any]] })).tuples.map(({ values }) => values[1]);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

it('two appends are under way at most; what comes meanwhile shares the next, and all keep their order', async () => {
  const log = new SlowLog();
  const replica = await start(log);
  const before = log.begunCount;
  log.keep();
  const writes: Promise<unknown>[] = [];
  for (let i = 0; i < 6; i++) {
    writes.push(write(replica, i));
    await turn();
    await turn();
  }
  expect(log.begunCount - before).toBe(2);
  log.release();
  await Promise.all(writes);
  expect(log.begunCount - before).toBe(3);
  expect(await numbers(replica)).toEqual([0n, 1n, 2n, 3n, 4n, 5n]);
});

it('32 calls of one turn go off without the others of that turn, 31 do not', async () => {
  const log = new SlowLog();
  const replica = await start(log);
  for (const [count, appendCount] of [
    [31, 1],
    [32, 1],
    [33, 2],
  ] as const) {
    const before = log.begunCount;
    await Promise.all(Array.from({ length: count }, (_, i) => write(replica, i)));
    expect(log.begunCount - before).toBe(appendCount);
  }
});

it('an append that the full store refused fails its own calls, and not those of the one after it', async () => {
  const log = new SlowLog();
  const replica = await start(log);
  log.keep();
  const first = write(replica, 1);
  await turn();
  await turn();
  log.isFull = true;
  const refused = write(replica, 2);
  await expect(refused).rejects.toMatchObject({ code: 'resource_exhausted' });
  log.isFull = false;
  const last = write(replica, 3);
  log.release();
  await Promise.all([first, last]);
  expect(await numbers(replica)).toEqual([1n, 3n]);
});

it('a replica with appends under way takes what others have appended between them', async () => {
  const log = new SlowLog();
  const [left, right] = [await start(log), await start(log.inner)];
  log.keep();
  const first = write(left, 1);
  await until('the first is in the log', () => log.inner.headPosition === 2);
  await write(right, 2);
  const second = write(left, 3);
  await until('the second is in the log', () => log.inner.headPosition === 4);
  await write(right, 4);
  log.release();
  await Promise.all([first, second]);
  expect(await numbers(left)).toEqual([1n, 2n, 3n, 4n]);
  expect(await numbers(right)).toEqual([1n, 2n, 3n, 4n]);
});

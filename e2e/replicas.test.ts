/**
 * One client over three replicas of the tuple space, each a process, over Redis: what it makes of one that is killed, and of one that
 * hangs.
 */
import { any, TupleSpaceClient, template, type WatchFrame } from '../services/tuplespace/index.js';
import { freePort } from '../services/tuplespace/testing/free-port.js';
import { eventually } from './drivers/deployment.js';
import { endAll, type ServiceProcess, startService, untilServing } from './drivers/processes.js';
import { type DeployedStore, startStore } from './drivers/stores.js';

const startMsMax = 60_000;
const jobs = template('job', any);

let store: DeployedStore;
let replicas: ServiceProcess[] = [];

beforeAll(async () => {
  store = await startStore('redis');
}, startMsMax);

beforeEach(async () => {
  replicas = await Promise.all([1, 2, 3].map((i) => startReplica(`tuplespace${i}`)));
}, startMsMax);

afterEach(async () => {
  await Promise.all(replicas.map((replica) => replica.end('SIGKILL')));
});

afterAll(async () => {
  await endAll();
  await store.stop();
});

async function startReplica(name: string): Promise<ServiceProcess> {
  const address = `127.0.0.1:${await freePort()}`;
  const replica = startService(name, ['tuplespace', '--address', address], { ...store.env, address });
  await untilServing(replica);
  return replica;
}

function addresses(): string {
  return replicas.map(({ address }) => address).join(',');
}

/** Writes jobs by several callers at once until it is told to stop; the numbers whose writes were acknowledged. */
async function writeJobs(client: TupleSpaceClient, space: string, isOver: () => boolean): Promise<bigint[]> {
  const written: bigint[] = [];
  let next = 0n;
  const worker = async (): Promise<void> => {
    while (!isOver()) {
      next += 1n;
      const number = next;
      await client.write({ space, tuples: [['job', number]] });
      written.push(number);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return written;
}

/** Takes jobs until there are none; their numbers. */
async function takeJobs(client: TupleSpaceClient, space: string): Promise<bigint[]> {
  const taken: bigint[] = [];
  for (;;) {
    const { tuples } = await client.take({ space, templates: [jobs] });
    if (tuples.length === 0) return taken;
    taken.push(...tuples.map(({ values }) => values[1] as bigint));
  }
}

const ascending = (left: bigint, right: bigint): number => (left < right ? -1 : 1);

test(
  'a replica that is killed under load takes nothing with it',
  async () => {
    const client = new TupleSpaceClient({ service: addresses() });
    await client.putSpace({ space: 'killed', settings: {} });
    let isOver = false;
    const writing = writeJobs(client, 'killed', () => isOver);
    const count = async () =>
      (await client.read({ space: 'killed', templates: [jobs], countOnly: true })).count;
    await eventually('some jobs', async () => ((await count()) > 100 ? true : undefined));
    await replicas[0]?.end('SIGKILL');
    const before = await count();
    await eventually('more jobs', async () => ((await count()) > before + 100 ? true : undefined));
    isOver = true;
    const written = await writing;
    const taking = takeJobs(client, 'killed');
    await replicas[1]?.end('SIGKILL');
    expect((await taking).sort(ascending)).toEqual(written.sort(ascending));
    await client.close();
  },
  startMsMax,
);

test(
  'a replica that hangs is passed over within seconds, its watch goes on elsewhere, and it gets its turn again',
  async () => {
    const client = new TupleSpaceClient({ service: addresses() });
    await client.putSpace({ space: 'hung', settings: {} });
    const seen: unknown[] = [];
    const stop = new AbortController();
    const watching = Promise.all(
      replicas.map(async () => {
        const own: unknown[] = [];
        seen.push(own);
        const request = { space: 'hung', templates: [jobs], from: { revision: 0n } };
        for await (const frame of client.watch(request, { signal: stop.signal }))
          own.push(...numbersOf(frame));
      }),
    ).catch((error: unknown) => error);
    for (let i = 1n; i <= 30n; i += 1n) await client.write({ space: 'hung', tuples: [['job', i]] });
    const [hung] = replicas;
    process.kill(hung?.pid ?? 0, 'SIGSTOP');
    const startMs = performance.now();
    for (let i = 31n; i <= 60n; i += 1n) await client.write({ space: 'hung', tuples: [['job', i]] });
    // With the patience for a service that nobody can stand in for it would be a quarter of a minute.
    expect(performance.now() - startMs).toBeLessThan(8_000);
    const all = Array.from({ length: 60 }, (_, i) => BigInt(i + 1));
    await eventually('all events on every watch', async () =>
      seen.every((own) => (own as unknown[]).length >= 60) ? true : undefined,
    );
    expect(seen).toEqual([all, all, all]);
    process.kill(hung?.pid ?? 0, 'SIGCONT');
    const direct = new TupleSpaceClient({ service: hung?.address ?? '' });
    await eventually('a waiter where it hung', async () => {
      const waits = [1, 2, 3].map(() =>
        client.read({ space: 'hung', templates: [template('never')], waitMs: 500 }),
      );
      const { spaces } = await direct.listSpaces({ prefix: 'hung' });
      await Promise.all(waits);
      return (spaces[0]?.waiterCount ?? 0) > 0 ? true : undefined;
    });
    stop.abort();
    await watching;
    await Promise.all([client.close(), direct.close()]);
  },
  startMsMax,
);

/** Of the tuples that stood when the watch began, and of those that were written since. */
function numbersOf(frame: WatchFrame): unknown[] {
  if (frame.kind === 'progress') return [];
  const tuples = frame.kind === 'snapshot' ? frame.tuples : frame.events.map(({ tuple }) => tuple);
  return tuples.map(({ values }) => values[1]);
}

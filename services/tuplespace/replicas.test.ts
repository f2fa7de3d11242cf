/**
 * A client over several replicas of the service: it spreads its calls, and the loss of a replica loses nothing.
 */
import { silentLog, systemClock } from '../runtime/index.js';
import { until } from '../runtime/testing/conditions.js';
import { TupleSpaceClient } from './client.js';
import type { Lookup } from './replica-names.js';
import { Replicas } from './replicas.js';
import type { WatchFrame } from './space.js';
import { startTupleSpace } from './start.js';
import { ReplicatedStore } from './stores/replica/index.js';
import { MemoryLog } from './stores/replica/memory-log.suite.js';
import { any, template } from './template.js';
import { ReplicatedService, type TestReplica } from './testing/replicated-service.js';
import { TestService } from './testing/running-service.js';

const jobs = template('job', any);
const patient = { attemptsMax: 100, firstPauseMs: 5, pauseMsMax: 50 };

let log: MemoryLog;
let service: ReplicatedService;
const clients: TupleSpaceClient[] = [];

beforeEach(async () => {
  log = new MemoryLog(systemClock);
  service = await ReplicatedService.start(log, 3);
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await service.stop();
});

function open(options: { service?: string | Replicas; transport?: 'unary' } = {}): TupleSpaceClient {
  const client = new TupleSpaceClient({ service: service.addresses, retry: patient, ...options });
  clients.push(client);
  return client;
}

/** A client whose pipes to all three replicas stand. */
async function openToAll(options: { transport?: 'unary' } = {}): Promise<TupleSpaceClient> {
  const client = open(options);
  const stop = new AbortController();
  const reads: Promise<unknown>[] = [];
  await until('waiters everywhere', async () => {
    const read = { space: 'default', templates: [template('never')], waitMs: 20_000 };
    reads.push(client.read(read, { signal: stop.signal }));
    return (await service.waiterCounts()).every((count) => count > 0);
  });
  stop.abort();
  await Promise.allSettled(reads);
  await until('no waiters', async () => (await service.waiterCounts()).every((count) => count === 0));
  return client;
}

function writeJob(client: TupleSpaceClient, number: number) {
  return client.write({ space: 'default', tuples: [['job', BigInt(number)]] });
}

/** Takes all jobs with a client that knows no replica but one. */
async function jobsLeft(): Promise<unknown[]> {
  const session = service.replicas[0]?.store.session('');
  const { tuples = [] } = (await session?.read({ space: 'default', templates: [jobs] })) ?? {};
  return tuples.map(({ values }) => values[1]);
}

/** The replica where something waits. */
function placeIn(counts: readonly number[]): TestReplica {
  const replica = service.replicas[counts.indexOf(1)];
  if (replica === undefined) throw new Error(`no replica has one of ${counts.join()}`);
  return replica;
}

describe.each([undefined, 'unary'] as const)('over %s calls', (transport) => {
  const options = transport === undefined ? {} : { transport };

  test('calls go to each replica in its turn', async () => {
    const client = await openToAll(options);
    const stop = new AbortController();
    const waits = Array.from({ length: 6 }, () =>
      client.take({ space: 'default', templates: [jobs], waitMs: 20_000 }, { signal: stop.signal }),
    );
    await until('two takes on each', async () =>
      (await service.waiterCounts()).every((count) => count === 2),
    );
    stop.abort();
    await Promise.allSettled(waits);
  });

  test('a take that waits on a replica that is lost goes on elsewhere', async () => {
    const client = await openToAll(options);
    const taken = client.take({ space: 'default', templates: [jobs], waitMs: 20_000 });
    await until('the take waits', async () => (await service.waiterCounts()).includes(1));
    await placeIn(await service.waiterCounts()).proxy.close();
    await writeJob(client, 1);
    expect((await taken).tuples.map(({ values }) => values[1])).toEqual([1n]);
  });

  test('a take whose answer is lost with its replica has one effect', async () => {
    const client = await openToAll(options);
    for (let i = 1; i <= 3; i += 1) await writeJob(client, i);
    for (const { proxy } of service.replicas) proxy.loseAnswers();
    const taken = client.take({ space: 'default', templates: [jobs] });
    await until('a lost answer', () => service.replicas.some(({ proxy }) => proxy.lostCount > 0));
    for (const { proxy } of service.replicas) proxy.pass();
    expect((await taken).tuples.map(({ values }) => values[1])).toEqual([1n]);
    expect(await jobsLeft()).toEqual([2n, 3n]);
  });

  test('a replica that stops is passed over', async () => {
    const client = await openToAll(options);
    await service.replicas[1]?.service.stop();
    for (let i = 1; i <= 12; i += 1) await writeJob(client, i);
    expect(await jobsLeft()).toHaveLength(12);
  });
});

test('a replica that hangs is noticed within seconds, and its calls go on elsewhere', async () => {
  const client = await openToAll();
  const hung = service.replicas[2];
  hung?.proxy.stall();
  const startMs = performance.now();
  for (let i = 1; i <= 9; i += 1) await writeJob(client, i);
  expect(performance.now() - startMs).toBeLessThan(5_000);
  expect(await jobsLeft()).toHaveLength(9);
});

test('a watch on a replica that is lost goes on elsewhere: each event once, in order', async () => {
  const client = await openToAll();
  const seen: unknown[] = [];
  const stop = new AbortController();
  const watching = (async () => {
    const request = { space: 'default', templates: [jobs], from: { revision: 0n } };
    for await (const frame of client.watch(request, { signal: stop.signal })) seen.push(...eventsOf(frame));
  })().catch((error) => error);
  await until('the watch', async () => (await service.watchCounts()).includes(1));
  for (let i = 1; i <= 20; i += 1) {
    await writeJob(client, i);
    if (i !== 5 && i !== 12) continue;
    await until('some were seen', () => seen.length > i - 5);
    const { proxy } = placeIn(await service.watchCounts());
    proxy.cut();
    await until('the watch again', async () => (await service.watchCounts()).includes(1));
  }
  await until('all were seen', () => seen.length >= 20);
  expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => BigInt(i + 1)));
  stop.abort();
  expect(await watching).toMatchObject({ name: 'AbortError' });
});

test('a lease tied to a lost stream lives on with its client, and ends with it', async () => {
  const client = await openToAll();
  const graceMs = 400;
  const { leaseId } = await client.lease({ space: 'default', ttlMs: 60_000, graceMs });
  await client.write({ space: 'default', tuples: [['job', 1n]], leaseId });
  for (const { proxy } of service.replicas) {
    proxy.cut();
    const endMs = performance.now() + 1.5 * graceMs;
    await until('more than the grace has passed', () => performance.now() > endMs);
    expect(await jobsLeft()).toEqual([1n]);
  }
  await client.close();
  await until('the lease has ended', async () => (await jobsLeft()).length === 0);
});

test('a stream that breaks late does not cut a lease short that was renewed elsewhere', async () => {
  const [first, second] = service.replicas;
  const left = open({ service: first?.proxy.address ?? '' });
  const right = open({ service: second?.proxy.address ?? '' });
  const graceMs = 200;
  const { leaseId } = await left.lease({ space: 'default', ttlMs: 60_000, graceMs });
  await right.write({ space: 'default', tuples: [['job', 1n]], leaseId });
  await right.lease({ space: 'default', leaseId, ttlMs: 50_000, graceMs });
  await left.close();
  const endMs = performance.now() + 2 * graceMs;
  await until('more than the grace has passed', () => performance.now() > endMs);
  expect(await jobsLeft()).toEqual([1n]);
});

describe('a name', () => {
  const second = '127.0.0.2';

  test('that comes to stand for another replica is asked again within seconds', async () => {
    const [first] = service.replicas;
    const port = Number(first?.service.address.split(':')[1]);
    const store = new ReplicatedStore({ clock: systemClock, opener: log, version: 'test' });
    const another = await startTupleSpace({ address: `${second}:${port}`, store, log: silentLog });
    let addresses = ['127.0.0.1'];
    const lookup: Lookup = async () => addresses.map((address) => ({ address, family: 4 }));
    const replicas = new Replicas(`dns:///tuplespace:${port}`, { lookup });
    const client = open({ service: replicas });
    await writeJob(client, 1);
    addresses = ['127.0.0.1', second];
    const stop = new AbortController();
    const startMs = performance.now();
    const waiterCount = async () =>
      (await store.session('').listSpaces({ prefix: 'default' })).spaces[0]?.waiterCount ?? 0;
    const reads: Promise<unknown>[] = [];
    await until('a waiter at the new replica', async () => {
      const read = { space: 'default', templates: [template('never')], waitMs: 20_000 };
      reads.push(client.read(read, { signal: stop.signal }));
      return (await waiterCount()) > 0;
    });
    expect(performance.now() - startMs).toBeLessThan(3_000);
    stop.abort();
    await Promise.allSettled(reads);
    addresses = [second];
    await until('the first has lost its turn', async () => {
      const both = new AbortController();
      const waits = [1, 2].map(() =>
        client.read(
          { space: 'default', templates: [template('never')], waitMs: 20_000 },
          { signal: both.signal },
        ),
      );
      let counts: readonly number[] = [];
      await until('two wait', async () => {
        counts = [await waiterCount(), ...(await service.waiterCounts())];
        return counts.reduce((sum, count) => sum + count, 0) === 2;
      });
      both.abort();
      await Promise.allSettled(waits);
      return counts[0] === 2;
    });
    await another.stop();
    replicas.close();
  });

  test('of two families stands for one set of replicas', async () => {
    const [first] = service.replicas;
    const port = first?.service.address.split(':')[1];
    const lookup: Lookup = async () => [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    const replicas = new Replicas(`tuplespace:${port}`, { lookup });
    const client = open({ service: replicas });
    for (let i = 1; i <= 4; i += 1) await writeJob(client, i);
    expect(await jobsLeft()).toHaveLength(4);
    replicas.close();
  });

  test('that cannot be resolved is unavailable', async () => {
    const lookup: Lookup = () => Promise.reject(new Error('ENOTFOUND'));
    const replicas = new Replicas('tuplespace:7000', { lookup });
    const client = new TupleSpaceClient({ service: replicas, retry: { attemptsMax: 2, firstPauseMs: 1 } });
    await expect(client.getInfo()).rejects.toMatchObject({ code: 'unavailable' });
    replicas.close();
  });
});

describe('services that each keep their tuples in memory', () => {
  test('are refused when they stand for one', async () => {
    const [one, two] = [await TestService.start(), await TestService.start()];
    const client = open({ service: `${one.address},${two.address}` });
    await expect(writeJob(client, 1)).rejects.toMatchObject({ code: 'failed_precondition' });
    await two.stop();
    await until('one is left', async () =>
      writeJob(client, 1).then(
        () => true,
        () => false,
      ),
    );
    await one.stop();
  });

  test('are refused when the second comes later', async () => {
    const [one, two] = [await TestService.start(), await TestService.start()];
    const { TcpProxy } = await import('./testing/tcp-proxy.js');
    const proxy = await TcpProxy.open(two.address);
    const late = proxy.address;
    await proxy.close();
    const client = open({ service: `${one.address},${late}` });
    await writeJob(client, 1);
    await one.stopService();
    const third = await TestService.start({ service: { address: late } });
    const taken = client.take({ space: 'default', templates: [jobs], waitMs: 20_000 });
    await expect(taken).rejects.toMatchObject({ code: 'failed_precondition' });
    await Promise.all([one.stop(), two.stop(), third.stop()]);
  });
});

test('addresses that are none are refused', () => {
  for (const addresses of ['', 'tuplespace', 'a:1,', 'a:1,b', 'http://a:1', 'a:70000']) {
    expect(() => new Replicas(addresses)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  }
});

function eventsOf(frame: WatchFrame): unknown[] {
  return frame.kind === 'events' ? frame.events.map(({ tuple }) => tuple.values[1]) : [];
}

import { type Log, ManualClock, silentLog, systemClock } from '../runtime/index.js';
import { until } from '../runtime/testing/conditions.js';
import type { TupleSpaceClient } from './client.js';
import type { CallOptions } from './space.js';
import { template } from './template.js';
import { TestService } from './testing/running-service.js';
import { TcpProxy } from './testing/tcp-proxy.js';

const graceMs = 2_000;
const ttlMs = 60_000;

let clock: ManualClock;
let service: TestService;
let proxy: TcpProxy;
let graceCount: number;

beforeEach(async () => {
  clock = new ManualClock();
  graceCount = 0;
  const log: Log = {
    ...silentLog,
    info(event) {
      if (event === 'lease.grace') graceCount += 1;
    },
  };
  service = await TestService.start({ clock, service: { log } });
  proxy = await TcpProxy.open(service.address);
  await service.client().putSpace({ space: 'camp', settings: {} });
});

afterEach(async () => {
  await service.stop();
  await proxy.close();
});

/** A client behind the proxy, with a tuple under a lease. */
async function leaseholder(
  grace: { graceMs?: number },
  options: { ttlMs?: number; transport?: 'unary' } = {},
): Promise<{ client: TupleSpaceClient; leaseId: string }> {
  const { transport = 'pipe' } = options;
  const client = service.client({ service: proxy.address, transport, clock: systemClock });
  const { leaseId } = await client.lease({ space: 'camp', ttlMs, ...options, ...grace });
  await client.write({ space: 'camp', tuples: [['here']], leaseId });
  return { client, leaseId };
}

async function isHere(): Promise<boolean> {
  const { count } = await service.store.session('').read({ space: 'camp', templates: [template('here')] });
  return count === 1;
}

async function waiterCount(): Promise<number | undefined> {
  return (await service.store.session('').listSpaces({})).spaces[0]?.waiterCount;
}

/** Breaks the client's connection and resolves when the service has noticed. */
async function breakConnection(client: TupleSpaceClient): Promise<void> {
  const controller = new AbortController();
  const options: CallOptions = { signal: controller.signal };
  const wait = client.read({ space: 'camp', templates: [template('never')], waitMs: 1_000_000 }, options);
  const ended = wait.catch(() => {});
  await until('a waiter', async () => (await waiterCount()) === 1);
  controller.abort();
  proxy.cut();
  await ended;
  await until('no waiter', async () => (await waiterCount()) === 0);
}

test('a tied lease ends its grace after the pipe broke, and takes its tuples with it', async () => {
  const { client } = await leaseholder({ graceMs });
  await breakConnection(client);
  await until('the grace', () => graceCount === 1);
  clock.advance(graceMs - 1);
  expect(await isHere()).toBe(true);
  clock.advance(1);
  expect(await isHere()).toBe(false);
});

test('a lease that is not tied outlives the pipe', async () => {
  const { client } = await leaseholder({});
  await breakConnection(client);
  clock.advance(ttlMs - 1);
  expect(await isHere()).toBe(true);
  expect(graceCount).toBe(0);
});

test('a lease cannot be tied to a unary call', async () => {
  const { client } = await leaseholder({ graceMs }, { transport: 'unary' });
  await breakConnection(client);
  clock.advance(ttlMs - 1);
  expect(await isHere()).toBe(true);
  expect(graceCount).toBe(0);
});

test('a lease that is renewed within its grace lives on, tied to the new pipe', async () => {
  const { client, leaseId } = await leaseholder({ graceMs });
  await breakConnection(client);
  await until('the grace', () => graceCount === 1);
  await client.lease({ space: 'camp', leaseId, ttlMs, graceMs });
  clock.advance(graceMs);
  expect(await isHere()).toBe(true);
  await breakConnection(client);
  await until('the second grace', () => graceCount === 2);
  clock.advance(graceMs);
  expect(await isHere()).toBe(false);
});

test('a lease that was renewed over another pipe before the first broke is not cut short', async () => {
  const { client, leaseId } = await leaseholder({ graceMs });
  const another = service.client({ clock: systemClock });
  await another.lease({ space: 'camp', leaseId, ttlMs, graceMs });
  await breakConnection(client);
  clock.advance(graceMs);
  expect(await isHere()).toBe(true);
  expect(graceCount).toBe(0);
});

test('a renewal without a grace unties the lease', async () => {
  const { client, leaseId } = await leaseholder({ graceMs });
  await client.lease({ space: 'camp', leaseId, ttlMs });
  await breakConnection(client);
  clock.advance(graceMs);
  expect(await isHere()).toBe(true);
});

test('a grace never makes a lease longer', async () => {
  const { client } = await leaseholder({ graceMs }, { ttlMs: 1_000 });
  await breakConnection(client);
  clock.advance(1_000);
  expect(await isHere()).toBe(false);
  expect(graceCount).toBe(0);
});

test('a client that is closed gives its leases their grace', async () => {
  const { client } = await leaseholder({ graceMs });
  await client.close();
  await until('the grace', () => graceCount === 1);
});

test('a service that stops cuts no lease short', async () => {
  await leaseholder({ graceMs });
  await service.stopService();
  expect(graceCount).toBe(0);
});

test('an ended lease is no longer tied', async () => {
  const { client, leaseId } = await leaseholder({ graceMs });
  await client.lease({ space: 'camp', leaseId, ttlMs: 0 });
  const second = await client.lease({ space: 'camp', ttlMs: 5_000, graceMs });
  clock.advance(5_000);
  await breakConnection(client);
  expect(second.leaseId).not.toBe(leaseId);
  expect(graceCount).toBe(0);
});

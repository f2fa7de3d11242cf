/**
 * `npm run bench:restart`: how long a replica of the tuple space takes from its start to its first answer, how much of that it computes,
 * and how much memory it then has, by the tuples that stand in the store. The tuples are in a snapshot, as they are in a log that has been
 * in use.
 */
import { readFile } from 'node:fs/promises';
import { checkHealth, systemClock, waitUntilServing } from '../../services/runtime/index.js';
import type { Tuple, TupleSpace } from '../../services/tuplespace/index.js';
import { connectService, Replicas } from '../../services/tuplespace/index.js';
import { PostgresLog } from '../../services/tuplespace/stores/postgres/index.js';
import { RedisLog } from '../../services/tuplespace/stores/redis/index.js';
import type { OpenLog } from '../../services/tuplespace/stores/replica/index.js';
import { freePort } from '../../services/tuplespace/testing/free-port.js';
import { type ServiceProcess, startService } from '../drivers/processes.js';
import { type DeployedStore, type StoreName, startStore, storePassword } from '../drivers/stores.js';
import { median, short, table } from './statistics.js';

const sizes = [0, 100_000, 1_000_000];
const starts = 3;
/** Writes that fill the space, each an entry of the log. */
const batches = 1_000;
/** Entries after which the services take a snapshot. */
const snapshotEvery = 1_000;
const space = 'resident';
/** Linux counts processor time in hundredths of a second. */
const tickMs = 10;

const rows: string[][] = [];
for (const name of ['redis', 'postgres'] as const) {
  for (const size of sizes) {
    const store = await startStore(name);
    try {
      const filler = await start(store);
      await fill(filler.address, size);
      const snapshot = size === 0 ? 0 : await snapshotMib(name, store, filler.address);
      await filler.end('SIGTERM');
      const measured: Measured[] = [];
      for (let i = 0; i < starts; i += 1) measured.push(await measure(store));
      const middle = (of: keyof Measured) => median(measured.map((one) => one[of]));
      const figures = [middle('startMs'), middle('computeMs'), middle('mib'), snapshot].map(short);
      rows.push([name, size.toLocaleString('en-US'), ...figures]);
    } finally {
      await store.stop();
    }
  }
}
console.log(`node ${process.version}; medians of ${starts} starts`);
console.log(table(['store', 'tuples', 'start ms', 'compute ms', 'replica MiB', 'snapshot MiB'], rows));

async function start(store: DeployedStore): Promise<ServiceProcess> {
  const address = `127.0.0.1:${await freePort()}`;
  const env = { ...store.env, BYZANTINE_TUPLESPACE_SNAPSHOT_EVERY: String(snapshotEvery), address };
  const service = startService('tuplespace', ['tuplespace', '--address', address], env);
  const signal = AbortSignal.timeout(120_000);
  await waitUntilServing({ address }, { clock: systemClock, everyMs: 10, signal });
  return service;
}

async function fill(address: string, size: number): Promise<void> {
  const batch = size / batches;
  await onSpace(address, async (spaces) => {
    for (let i = 0; i < size; i += batch) {
      const tuples = Array.from(
        { length: batch },
        (_, k): Tuple => ['item', BigInt(i + k), `value ${i + k}`],
      );
      await spaces.write({ space, tuples });
    }
  });
}

/** Lets the log grow until a snapshot of all stands, and gives its size in MiB. */
async function snapshotMib(name: StoreName, { server }: DeployedStore, address: string): Promise<number> {
  const options = {
    url: server.url,
    password: storePassword,
    durability: 'power-loss',
    clock: systemClock,
  } as const;
  const opener = name === 'redis' ? new RedisLog(options) : new PostgresLog(options);
  const log: OpenLog = await opener.open({ onGrowth: () => {}, onLost: () => {} });
  const { headPosition } = await log.pull(batches);
  let snapshot = await log.readSnapshot();
  await onSpace(address, async (spaces) => {
    while ((snapshot?.position ?? 0) < headPosition) {
      await spaces.write({ space, tuples: [['tick']], ttlMs: 1 });
      snapshot = await log.readSnapshot();
    }
  });
  let bytes = 0;
  for await (const part of snapshot?.parts ?? []) bytes += part.length;
  await log.close();
  return bytes / 1024 / 1024;
}

async function onSpace(address: string, use: (spaces: TupleSpace) => Promise<void>): Promise<void> {
  const replicas = new Replicas(address);
  const connection = connectService(replicas)('');
  await connection.space.putSpace({ space, settings: {} });
  await use(connection.space);
  await connection.close();
  replicas.close();
}

interface Measured {
  readonly startMs: number;
  /** Processor time of that. */
  readonly computeMs: number;
  readonly mib: number;
}

async function measure(store: DeployedStore): Promise<Measured> {
  const startedMs = performance.now();
  const service = await start(store);
  await checkHealth({ address: service.address, service: 'byzantine.v1.TupleSpace' });
  const startMs = performance.now() - startedMs;
  const measured = { startMs, computeMs: await computeMsOf(service.pid), mib: await residentOf(service.pid) };
  await service.end('SIGTERM');
  return measured;
}

/** Processor time of a process so far, as Linux tells it; NaN elsewhere. */
async function computeMsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // After the name, in parentheses, the 12th and 13th fields are the ticks in the program and in the kernel.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Resident memory of a process in MiB, as Linux tells it; NaN elsewhere. */
async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

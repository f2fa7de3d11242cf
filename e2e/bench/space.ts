/**
 * `npm run bench:space`: the calls of the tuple space over its client, at a thousand and at a million resident tuples, beside two
 * ceilings measured in the same run: the raw store, and a bare gRPC echo of messages of the same size. At the end it says of each
 * figure what it is to reach, and whether it does; it ends with 1 where one does not.
 *
 * The service is a process of its own, and so is the store, with durable commits. Throughput is that of many callers at once, p50 and
 * p99 those of one caller alone. Slices of all that is compared alternate; each figure is the median of its slices.
 *
 * More: `--store memory,redis,postgres`, `--resident 1000,1000000` (tuples), `--slices 5`; `--policy` measures what a policy and a token
 * cost instead, in 15 slices.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { TupleSpace } from '../../services/tuplespace/index.js';
import { TupleSpaceClient } from '../../services/tuplespace/index.js';
import { EchoClient } from './echo.js';
import { type Load, type Shown, typical, underLoad } from './load.js';
import { measurePolicyCost } from './policy-cost.js';
import { openRaw, type RawStore } from './raw.js';
import { fillResident, removeWords, writeJobs } from './resident.js';
import { type MeasuredCall, measuredCalls, rawJobs } from './space-calls.js';
import { printReaches, type StoreRun } from './space-reach.js';
import { startReplica } from './space-replica.js';
import { printCalls, printGrowth, printWakeUps, type Row, type WakeUps } from './space-report.js';
import { median, timed } from './statistics.js';
import { isStoreName, runStore, type StoreName, storeNames } from './stores.js';
import { rawWakeUps, takeWakeUps, watchDeliveries } from './wake-ups.js';

/** Callers of a load. */
const callerCount = 64;
/** Calls of one caller alone. */
const aloneCount = 200;

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: storeNames.join(',') },
    resident: { type: 'string', default: '1000,1000000' },
    slices: { type: 'string' },
    policy: { type: 'boolean', default: false },
  },
});
const stores = values.store.split(',').map(storeNamed);
// What a policy costs is little beside how much slices differ.
const sliceCount = Number(values.slices ?? (values.policy ? 15 : 5));
if (values.policy) for (const store of stores) await benchPolicy(store, sliceCount);
else {
  const runs: StoreRun[] = [];
  for (const store of stores)
    runs.push(await bench(store, values.resident.split(',').map(Number), sliceCount));
  process.exitCode = printReaches(runs) ? 0 : 1;
}

function storeNamed(name: string): StoreName {
  if (isStoreName(name)) return name;
  throw new Error(`--store ${name}: allowed are ${storeNames.join(', ')}`);
}

async function benchPolicy(name: StoreName, sliceCount: number): Promise<void> {
  const running = await runStore(name);
  const replica = await startReplica(name, running.url);
  try {
    await measurePolicyCost(replica.addresses.space, sliceCount);
  } finally {
    await replica.stop();
    await running.stop();
  }
}

async function bench(
  name: StoreName,
  residentCounts: readonly number[],
  sliceCount: number,
): Promise<StoreRun> {
  console.log(
    `\nnode ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, ${name}`,
  );
  const running = await runStore(name);
  const replica = await startReplica(name, running.url);
  const client = new TupleSpaceClient({ service: replica.addresses.space });
  const unary = new TupleSpaceClient({ service: replica.addresses.space, transport: 'unary' });
  const echo = new EchoClient(replica.addresses.echo);
  const raw = await openRaw(name, running.url);
  const parts: Parts = { space: client, unary, echo, raw };
  try {
    const wakeUps = await measureWakeUps(name, running.url, parts);
    for (const count of residentCounts) await fillResident(client, count);
    const rows = await measureCalls(parts, residentCounts, sliceCount);
    printCalls(rows, callerCount);
    printGrowth({ rows, residentCounts });
    printWakeUps(wakeUps);
    return { store: name, residentCounts, rows, wakeUps };
  } finally {
    echo.close();
    await Promise.all([client.close(), unary.close(), raw.close()]);
    await replica.stop();
    await running.stop();
  }
}

interface Parts {
  readonly space: TupleSpace;
  readonly unary: TupleSpace;
  readonly echo: EchoClient;
  readonly raw: RawStore;
}

async function measureCalls(
  parts: Parts,
  residentCounts: readonly number[],
  sliceCount: number,
): Promise<readonly Row[]> {
  const slices = new Map<string, Shown[]>();
  const note = (key: string, shown: Shown): void => void slices.set(key, [...(slices.get(key) ?? []), shown]);
  // The first slice warms up.
  for (let slice = 0; slice <= sliceCount; slice += 1) {
    if (slice === 1) slices.clear();
    for (const call of measuredCalls) {
      for (const [what, shown] of await measureCeilings(parts, call)) note(`${call.name} ${what}`, shown);
      for (const count of residentCounts) {
        const key = `${call.name} ${count}`;
        note(key, await measureOurs(parts.space, call, { residentCount: count, callerCount }));
        note(`${key} alone`, await measureOurs(parts.space, call, { residentCount: count, callerCount: 1 }));
        note(`${key} unary`, await measureOurs(parts.unary, call, { residentCount: count, callerCount }));
      }
    }
    console.error(slice === 0 ? 'warm' : `slice ${slice} of ${sliceCount}`);
  }
  const of = (key: string): Shown => typical(slices.get(key) ?? []);
  return measuredCalls.flatMap(({ name }) =>
    residentCounts.map((residentCount) => ({
      name,
      residentCount,
      ours: of(`${name} ${residentCount}`),
      unary: of(`${name} ${residentCount} unary`),
      alone: of(`${name} ${residentCount} alone`),
      raw: of(`${name} raw`),
      echo: of(`${name} echo`),
      echoTogether: of(`${name} echo together`),
      unaryEcho: of(`${name} unary echo`),
    })),
  );
}

async function measureOurs(
  space: TupleSpace,
  { callCount, needsJobs, ours }: MeasuredCall,
  { residentCount, callerCount }: { residentCount: number; callerCount: number },
): Promise<Shown> {
  const name = `bench-${residentCount}`;
  const count = callerCount === 1 ? Math.min(aloneCount, callCount) : callCount;
  if (needsJobs) await writeJobs(space, name, count);
  const call: Load['call'] = (nth) => ours(space, { space: name, residentCount, nth });
  const shown = await underLoad({ callCount: count, callerCount, call });
  await removeWords(space, name);
  return shown;
}

async function measureCeilings(
  { raw, echo }: Parts,
  { callCount, needsJobs, trips, raw: rawCall }: MeasuredCall,
): Promise<[string, Shown][]> {
  const jobs = rawJobs(callCount);
  if (needsJobs) for (let i = 0; i < jobs.length; i += 1_000) await raw.write(jobs.slice(i, i + 1_000));
  const load = { callCount, callerCount };
  const talk: Load['call'] = async () => {
    for (const size of trips) await echo.talk(size);
  };
  const together: Load['call'] = async () => {
    for (const size of trips) await echo.talkTogether(size);
  };
  const say: Load['call'] = async () => {
    for (const size of trips) await echo.say(size);
  };
  return [
    ['raw', await underLoad({ ...load, call: (nth) => rawCall(raw, nth) })],
    ['echo', await underLoad({ ...load, call: talk })],
    ['echo together', await underLoad({ ...load, call: together })],
    ['unary echo', await underLoad({ ...load, call: say })],
  ];
}

async function measureWakeUps(name: StoreName, url: string, { space, echo, raw }: Parts): Promise<WakeUps> {
  const size = { request: 100, answer: 100 };
  await underLoad({ callCount: 2_000, callerCount: 1, call: () => echo.talk(size) });
  const tripsMs: number[] = [];
  const before = async () => tripsMs.push(await timed(() => echo.talk(size)));
  const deliveries = async (woken: TupleSpace) => {
    const parts = { writer: space, woken, before };
    return { take: await takeWakeUps(parts), watch: await watchDeliveries(parts) };
  };
  const same = await deliveries(space);
  const tripMs = median(tripsMs);
  const rawMs = median(await rawWakeUps(raw));
  if (name === 'memory') return { tripMs, rawMs, same };
  const replica = await startReplica(name, url);
  const elsewhere = new TupleSpaceClient({ service: replica.addresses.space });
  try {
    return { tripMs, rawMs, same, other: await deliveries(elsewhere) };
  } finally {
    await elsewhere.close();
    await replica.stop();
  }
}

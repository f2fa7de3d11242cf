/**
 * `npm run bench`: rounds in which everyone speaks, embedded and over gRPC with the tuples in each store, beside their floor measured in
 * the same run. `npm run bench -- --way redis --sizes 4,1 --sizes 7,2` measures a part of that.
 *
 * wall: from StartRound to the last event, as a client sees it. inside: from the round's first tuple to the last decision, by the
 * store's clock (whole milliseconds). floor: floor.ts. Each size runs in processes of its own, so that peak memory is its own. Redis and
 * Postgres are processes of this machine with durable commits.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Measured } from './measure-rounds.js';
import { type Way, ways } from './round-ways.js';
import { median, percentile, short, table } from './statistics.js';

const sizes = [
  { n: 4, m: 1, rounds: 60 },
  { n: 7, m: 2, rounds: 40 },
  { n: 10, m: 3, rounds: 20 },
  { n: 13, m: 4, rounds: 6 },
];

/** Heap of the measuring process, in MiB. Embedded, that is the whole system: it then stays within 512 MiB. */
const heapMiBMax = 384;

const { values } = parseArgs({
  options: { way: { type: 'string', multiple: true }, sizes: { type: 'string', multiple: true } },
});
const wanted = {
  ways: chosen('way', ways, values.way, (way) => way),
  sizes: chosen('sizes', sizes, values.sizes, ({ n, m }) => `${n},${m}`),
};

console.log(`node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`);
const rows: (string | number)[][] = [];
const reach: string[] = [];
for (const way of wanted.ways) {
  for (const size of wanted.sizes) {
    const measured = await measureApart(way, size);
    rows.push(row(way, size, measured));
    if (way !== 'embedded') reach.push(`${way.padEnd(9)}${reachLine(size, measured)}`);
    console.error(`measured ${way} (${size.n},${size.m})`);
  }
}
const headings = [
  'way',
  'n,m',
  'rounds',
  'messages',
  'wall p50',
  'p99',
  'inside',
  'floor',
  'trip',
  'coordination',
  'compute',
  'peak MiB',
];
console.log(
  `\n${table(headings, rows)}\n\ntimes in ms; peak resident memory of the largest process, heap of the measuring one limited to ${heapMiBMax} MiB`,
);
if (reach.length > 0)
  console.log(`\nwall p50 against 3 x floor + (m+1) round trips, over gRPC:\n${reach.join('\n')}`);

type Size = (typeof sizes)[number];

/** What a flag asks for; all without it. */
function chosen<T>(
  flag: string,
  all: readonly T[],
  asked: readonly string[] | undefined,
  nameOf: (one: T) => string,
): readonly T[] {
  const unknown = asked?.find((name) => !all.some((one) => nameOf(one) === name));
  if (unknown !== undefined)
    throw new Error(`--${flag} ${unknown}: allowed are ${all.map(nameOf).join(' ')}`);
  return all.filter((one) => asked === undefined || asked.includes(nameOf(one)));
}

async function measureApart(way: Way, size: Size): Promise<Measured> {
  const script = fileURLToPath(new URL('./measure-rounds.js', import.meta.url));
  const args = [way, String(size.n), String(size.m), String(size.rounds)];
  const child = fork(script, args, { execArgv: [`--max-old-space-size=${heapMiBMax}`] });
  const ended = once(child, 'exit');
  const [measured] = (await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => Promise.reject(new Error(`the measuring process ended with ${code}`))),
  ])) as [Measured];
  await ended;
  return measured;
}

function row(way: Way, { n, m, rounds }: Size, measured: Measured): (string | number)[] {
  const { wallMs, insideMs, floorMs, tripMs, coordinationMs, computeMs, messageCount, peakMiB } = measured;
  const times = [median(wallMs), percentile(wallMs, 0.99), median(insideMs), median(floorMs), median(tripMs)];
  const parts = [median(coordinationMs), median(computeMs)];
  return [
    way,
    `${n},${m}`,
    rounds,
    messageCount.toLocaleString('en-US'),
    ...[...times, ...parts].map(short),
    Math.round(peakMiB),
  ];
}

function reachLine({ n, m }: Size, { wallMs, insideMs, floorMs, tripMs }: Measured): string {
  const limitMs = 3 * median(floorMs) + (m + 1) * median(tripMs);
  const verdict = (ms: number): string => `${short(ms)} ms is ${(ms / limitMs).toFixed(2)} of it`;
  return `(${n},${m})  limit ${short(limitMs)} ms; wall ${verdict(median(wallMs))}; inside ${verdict(median(insideMs))}`;
}

/**
 * `npm run bench:space`: write, read and take with a selective template at a thousand, a hundred thousand and a million resident tuples,
 * interleaved in one run, over the memory store. The cost of a call must not grow with the tuples that it does not want.
 */
import { cpus } from 'node:os';
import { systemClock } from '../../services/runtime/index.js';
import type { Tuple, TupleSpace } from '../../services/tuplespace/index.js';
import { any, MemoryStore, template } from '../../services/tuplespace/index.js';
import { median, percentile, short, table } from './statistics.js';

const sizes = [1_000, 100_000, 1_000_000];
const batch = 1_000;
/** Calls in one timed slice, and slices of each kind and size; slices of the sizes alternate. */
const calls = 200;
const slices = 40;
/** Tuples of one run, round and general, as votes are: a template binds three fields of five. */
const runs = 1_000;
const generals = 100;

type Kind = 'write' | 'read' | 'take';

console.log(`node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`);
const store = new MemoryStore({ clock: systemClock, version: 'bench' });
await store.start();
const space = store.session('');
for (const size of sizes) await fill(space, size);

const samples = new Map<string, number[]>();
for (let slice = 0; slice < slices; slice += 1) {
  for (const size of sizes) {
    for (const kind of ['write', 'read', 'take'] as const) {
      const taken = await timeSlice(space, { kind, size, slice });
      const key = `${kind} ${size}`;
      samples.set(key, [...(samples.get(key) ?? []), taken]);
    }
  }
}
report();
await store.stop();

async function fill(to: TupleSpace, size: number): Promise<void> {
  await to.putSpace({ space: nameOf(size), settings: {} });
  for (let i = 0; i < size; i += batch) {
    const tuples = Array.from({ length: Math.min(batch, size - i) }, (_, k) => vote(i + k));
    await to.write({ space: nameOf(size), tuples });
  }
  console.error(`${size.toLocaleString('en-US')} tuples are in`);
}

/** Microseconds of one call, over a slice of calls; what a slice writes it takes again, so the size stays. */
async function timeSlice(
  at: TupleSpace,
  { kind, size, slice }: { kind: Kind; size: number; slice: number },
): Promise<number> {
  const name = nameOf(size);
  const startedMs = performance.now();
  for (let i = 0; i < calls; i += 1) {
    const nth = (slice * calls + i) % size;
    if (kind === 'write') await at.write({ space: name, tuples: [vote(nth)] });
    else if (kind === 'read') await at.read({ space: name, templates: [selective(nth)], limit: 1 });
    else await at.take({ space: name, templates: [selective(nth)] });
  }
  return ((performance.now() - startedMs) * 1_000) / calls;
}

/** All tuples of a size differ in (run, round, general). */
function vote(i: number): Tuple {
  return [
    'vote',
    BigInt(i % runs),
    BigInt(Math.floor(i / (runs * generals))),
    `general-${Math.floor(i / runs) % generals}`,
    i % 2 === 0 ? 'Attack' : 'Retreat',
  ];
}

function selective(i: number) {
  const [kind, run, round, general] = vote(i);
  return template(kind as string, run as bigint, round as bigint, general as string, any);
}

function nameOf(size: number): string {
  return `bench-${size}`;
}

function report(): void {
  const rows = (['write', 'read', 'take'] as const).map((kind) => {
    const medians = sizes.map((size) => median(samples.get(`${kind} ${size}`) ?? []));
    const worst = percentile(samples.get(`${kind} ${sizes.at(-1)}`) ?? [], 0.99);
    const ratio = (medians.at(-1) ?? Number.NaN) / (medians[0] ?? Number.NaN);
    return [kind, ...medians.map(short), short(worst), ratio.toFixed(2)];
  });
  const headings = [
    'call',
    ...sizes.map((size) => size.toLocaleString('en-US')),
    'p99 at the last',
    'last / first',
  ];
  console.log(
    `\n${table(headings, rows)}\n\nmicroseconds of one call, median of ${slices} slices of ${calls} calls`,
  );
  console.log(
    `memory: ${Math.round(process.memoryUsage().rss / 1024 / 1024)} MiB resident with all sizes in one store`,
  );
}

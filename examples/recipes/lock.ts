/**
 * A lock: one tuple, and who holds it has the lock. Waiters get it in the order in which they came. A holder that dies loses it with
 * its lease, which here is tied to the connection; the number of the take fences off a holder that only seemed dead: whatever the
 * lock guards refuses a smaller number than the largest that it has seen.
 *
 *   node dist/examples/recipes/lock.js 127.0.0.1:7000 anna 3
 *   node dist/examples/recipes/lock.js 127.0.0.1:7000 berta 1 hang       takes the lock and never gives it back
 */
import { any, TupleSpaceClient, template } from 'byzantine-generals/tuplespace';

const [service = '127.0.0.1:7000', name = 'anna', turns = '3', detail = ''] = process.argv.slice(2);

const client = new TupleSpaceClient({ service });
const space = 'recipes/lock';
const lock = ['lock', 'printer'] as const;
await client.putSpace({ space, settings: {} });
// The first comer makes it; `unless` sees a held lock too.
await client.write({ space, tuples: [lock], unless: template(...lock) });

for (let turn = 1; turn <= Number(turns); turn += 1) await withLock(print);
await client.close();

/** Does `work` while nobody else does; the fence rises with every holder. */
async function withLock(work: (fence: bigint) => Promise<void>): Promise<void> {
  const { leaseId } = await client.lease({ space, ttlMs: 3_000, graceMs: 500 });
  const wanted = { space, templates: [template(...lock)], holdMs: 3_000, leaseId, waitMs: 60_000 };
  const { holdToken, revision } = await client.take(wanted);
  if (holdToken === undefined) throw new Error('the lock was not free for a minute');
  try {
    await work(revision);
  } finally {
    await client.settle({ space, holdToken, action: { kind: 'release' } });
    await client.lease({ space, leaseId, ttlMs: 0 });
  }
}

/** What the lock guards: a page that two must not write at once. */
async function print(fence: bigint): Promise<void> {
  const page = template('page', any, any);
  const { tuples } = await client.read({ space, templates: [page] });
  const last = tuples.at(-1)?.values[1];
  if (typeof last === 'bigint' && last >= fence) throw new Error(`fence ${fence} is older than ${last}`);
  await client.write({ space, tuples: [['page', fence, `${name} begins`]] });
  if (detail === 'hang') await hang();
  await client.write({ space, tuples: [['page', fence, `${name} ends`]] });
  console.log(`${name} printed under fence ${fence}`);
}

/** A holder that does not come back. */
function hang(): Promise<never> {
  console.log(`${name} has the lock`);
  return new Promise(() => {});
}

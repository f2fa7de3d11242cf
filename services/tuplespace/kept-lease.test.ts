import { systemClock } from '../runtime/index.js';
import { until } from '../runtime/testing/conditions.js';
import { keepLease } from './kept-lease.js';
import type { TupleSpace } from './space.js';
import { MemoryStore } from './stores/memory/index.js';
import { any, template } from './template.js';

const ttlMs = 120;

let store: MemoryStore;
let space: TupleSpace;
let leaseId: string;

beforeEach(async () => {
  store = new MemoryStore({ clock: systemClock, version: 'test' });
  await store.start();
  space = store.session('');
  await space.putSpace({ space: 'kept', settings: {} });
  ({ leaseId } = await space.lease({ space: 'kept', ttlMs }));
  await space.write({ space: 'kept', tuples: [['under', 'lease']], leaseId });
});

afterEach(() => store.stop());

async function isStanding(): Promise<boolean> {
  const read = { space: 'kept', templates: [template('under', any)], countOnly: true };
  return (await space.read(read)).count === 1;
}

test('it stands for as long as it is kept, and its tuples with it; then it ends by itself', async () => {
  const stop = new AbortController();
  let renewedCount = 0;
  const onRenewed = async (): Promise<void> => {
    renewedCount += 1;
  };
  const lease = { space: 'kept', leaseId, ttlMs };
  const kept = keepLease(space, lease, { clock: systemClock, signal: stop.signal, onRenewed });
  // Three renewals are a whole lease.
  await until('six renewals', () => renewedCount >= 6);
  expect(await isStanding()).toBe(true);
  stop.abort();
  expect(await kept).toBe(false);
  await until('the end of the lease', async () => !(await isStanding()));
});

test('its loss is told', async () => {
  const signal = new AbortController().signal;
  const kept = keepLease(space, { space: 'kept', leaseId, ttlMs }, { clock: systemClock, signal });
  await space.lease({ space: 'kept', leaseId, ttlMs: 0 });
  expect(await kept).toBe(true);
});

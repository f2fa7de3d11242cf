/**
 * A replica applies what it proposed itself from what it had checked, the others from what stands in the log: to the same end.
 */
import { ManualClock } from '../../../runtime/index.js';
import type { TupleSpace } from '../../space.js';
import type { Tuple } from '../../tuple.js';
import { MemoryLog } from './memory-log.suite.js';
import { ReplicatedStore } from './store.js';

const space = 'default';
const stores: ReplicatedStore[] = [];

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.stop()));
});

/** The session of one replica, and what compares its state with that of another. */
async function start(): Promise<{ session: TupleSpace; areEqual: () => Promise<boolean> }> {
  const clock = new ManualClock();
  const opener = new MemoryLog(clock);
  const pair = [1, 2].map(() => new ReplicatedStore({ clock, opener, version: '0.0.0' }));
  stores.push(...pair);
  for (const store of pair) await store.start();
  const areEqual = async () => {
    await Promise.all(pair.map((store) => store.session('').getInfo()));
    const [left, right] = pair.map((store) => Buffer.concat([...store.dump()])) as [Buffer, Buffer];
    return left.equals(right);
  };
  return { session: (pair[0] as ReplicatedStore).session(''), areEqual };
}

/** Lets what was called go to the log as far as it does by itself, but not off. */
async function queued(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

it('what a caller does to its request after the call is in no replica', async () => {
  const { session, areEqual } = await start();
  const bytes = Buffer.from('as it was');
  const fields = ['job', bytes, ['list']];
  const request = { space, tuples: [fields as Tuple], requestId: idOf(1) };
  const written = session.write(request);
  bytes.fill(0);
  fields[2] = ['another'];
  Object.assign(request, { space: 'elsewhere', tuples: [['more']], requestId: idOf(2) });
  await written;
  const { tuples } = await session.read({ space, templates: [[{ kind: 'exact', value: 'job' }, ...anyTwo]] });
  expect(tuples.map(({ values }) => values)).toEqual([
    ['job', new Uint8Array(Buffer.from('as it was')), ['list']],
  ]);
  expect(await areEqual()).toBe(true);
});

it('a call is judged by the limits at its place in the log, not by those that it was checked against', async () => {
  const { session, areEqual } = await start();
  await session.putSpace({ space: 'own', settings: {} });
  const dropped = session.dropSpace({ space: 'own' });
  await queued();
  const narrowed = session.putSpace({ space: 'own', settings: { limits: { arityMax: 2 } } });
  await queued();
  const tooWide = session.write({ space: 'own', tuples: [['job', 1n, 2n]] });
  const narrow = session.write({ space: 'own', tuples: [['job', 1n]] });
  await Promise.all([dropped, narrowed]);
  await expect(tooWide).rejects.toMatchObject({ code: 'invalid_argument' });
  await expect(narrow).resolves.toMatchObject({ kind: 'written' });
  expect(await areEqual()).toBe(true);
});

const anyTwo = [{ kind: 'any' }, { kind: 'any' }] as const;

function idOf(sequence: number) {
  return { session: 'mine', sequence, lowestUnanswered: 1 };
}

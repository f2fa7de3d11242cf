import { controlSettings, controlSpace } from '../general-node/index.js';
import { ManualClock } from '../runtime/index.js';
import { MemoryStore, type TupleSpace } from '../tuplespace/index.js';
import { Ledger } from './ledger.js';

let store: MemoryStore;
let space: TupleSpace;
let ledger: Ledger;

beforeEach(async () => {
  store = new MemoryStore({ clock: new ManualClock(), version: 'test' });
  await store.start();
  const { token } = await store.session('').enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
  space = store.session(token);
  await space.putSpace({ space: controlSpace, settings: controlSettings });
  ledger = new Ledger(space);
});

afterEach(() => store.stop());

async function enter(into: Ledger, key = ''): Promise<number> {
  const request = { key };
  return (await into.enter(request, await into.around(request))).number;
}

test('rounds are numbered in the order of their entries, whichever ledger made them', async () => {
  const other = new Ledger(space);
  const numbers = [await enter(ledger), await enter(other), await enter(other), await enter(ledger)];
  expect(numbers).toEqual([1, 2, 3, 4]);
});

test('requests at once get numbers of their own', async () => {
  const other = new Ledger(space);
  const numbers = await Promise.all([enter(ledger), enter(ledger), enter(other), enter(other)]);
  expect(numbers.sort()).toEqual([1, 2, 3, 4]);
});

test('a new request reads only what is newer than all that its ledger has seen', async () => {
  for (let i = 0; i < 5; i += 1) await enter(ledger);
  expect(await ledger.around({})).toEqual([]);
  await enter(new Ledger(space));
  expect((await ledger.around({})).map(({ number }) => number)).toEqual([6]);
  expect((await new Ledger(space).around({})).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a key is found however old its entry is, and stands for its own request alone', async () => {
  const number = await enter(ledger, 'first');
  for (let i = 0; i < 5; i += 1) await enter(ledger);
  const request = { key: 'first' };
  expect(ledger.find(request, await ledger.around(request))).toBe(number);
  expect(await enter(ledger, 'first')).toBe(number);
  const another = { key: 'first', generalCount: 7 };
  const entries = await ledger.around(another);
  expect(() => ledger.find(another, entries)).toThrow(/key "first" stands for round 1, another request/);
});

test('a number is given once, also when its entry has been removed', async () => {
  const number = await enter(ledger);
  await ledger.remove(number);
  expect(await enter(ledger)).toBe(number + 1);
});

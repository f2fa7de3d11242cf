import { systemClock } from '../runtime/index.js';
import { hashToken } from './caller.js';
import { type Connect, connectStore } from './connect.js';
import { connectEnrolled } from './enrolled-space.js';
import type { TupleSpace } from './space.js';
import { MemoryStore } from './stores/memory/index.js';

let store: MemoryStore;
let tokens: string[];
let openCount: number;
let forgottenCount: number;

beforeEach(async () => {
  store = new MemoryStore({ clock: systemClock, version: 'test' });
  await store.start();
  await store.session('').putSpace({ space: 'camp', settings: {} });
  [tokens, openCount, forgottenCount] = [[], 0, 0];
});

afterEach(() => store.stop());

/** The store, and what is open of it. */
const connect: Connect = (token) => {
  const connection = connectStore(store)(token);
  if (token !== '') tokens.push(token);
  openCount += 1;
  const close = async () => {
    openCount -= 1;
    await connection.close();
  };
  return { ...connection, close };
};

function enter() {
  return connectEnrolled({
    connect,
    enrol: { kind: 'orchestrator', id: 'orchestrator', secret: '' },
    onForgotten: () => {
      forgottenCount += 1;
    },
  });
}

/** Makes the last token void, as a service that lost its memory does. */
async function forget(): Promise<void> {
  const { token } = await store.session('').enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
  await store.session(token).revokeToken({ tokenHash: hashToken(tokens.at(-1) ?? '') });
}

const watchCamp = (space: TupleSpace) =>
  space.watch({ space: 'camp', templates: [], from: { revision: 0n } })[Symbol.asyncIterator]();

test('calls that are refused because the token is void are made again under one new token', async () => {
  const enrolled = await enter();
  await forget();
  const audits = await Promise.all([1, 2, 3].map(() => enrolled.space.readAudit({ space: 'camp' })));
  expect(audits).toHaveLength(3);
  expect(tokens).toHaveLength(2);
  expect(forgottenCount).toBe(1);
  expect(openCount).toBe(1);
  await enrolled.close();
  expect(openCount).toBe(0);
});

test('other refusals are the caller’s', async () => {
  const { space } = await enter();
  await expect(space.readAudit({ space: 'nowhere' })).rejects.toMatchObject({ code: 'not_found' });
  expect(forgottenCount).toBe(0);
});

test('a call that its caller gave up meanwhile is not made again', async () => {
  const { space } = await enter();
  await forget();
  const stop = new AbortController();
  const write = space.write({ space: 'camp', tuples: [['job', 1n]] }, { signal: stop.signal });
  stop.abort(new Error('given up'));
  await expect(write).rejects.toThrow('given up');
  expect((await store.session('').listSpaces({ prefix: 'camp' })).spaces[0]?.tupleCount).toBe(0);
});

test('a watch that is opened with a void token begins under a new one', async () => {
  const { space } = await enter();
  await forget();
  const watch = watchCamp(space);
  expect((await watch.next()).value).toMatchObject({ kind: 'snapshot' });
  expect(forgottenCount).toBe(1);
  await watch.return?.();
});

test('where enrolling is refused too, so is the call', async () => {
  const { space } = await enter();
  await forget();
  await store.stop();
  await expect(space.readAudit({ space: 'camp' })).rejects.toMatchObject({ code: 'unavailable' });
});

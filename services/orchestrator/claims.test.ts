import { controlSettings, controlSpace } from '../general-node/index.js';
import { silentLog, systemClock } from '../runtime/index.js';
import { MemoryStore, type TupleSpace } from '../tuplespace/index.js';
import { Claims } from './claims.js';

const { signal } = new AbortController();

/** A control space that an orchestrator has just enrolled at. */
async function openControl(): Promise<{ space: TupleSpace; store: MemoryStore }> {
  const store = new MemoryStore({ clock: systemClock, version: 'test' });
  await store.start();
  const { token } = await store.session('').enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
  const space = store.session(token);
  await space.putSpace({ space: controlSpace, settings: controlSettings });
  return { space, store };
}

function claimsIn(space: TupleSpace): Claims {
  return new Claims({ space, clock: systemClock, log: silentLog, leaseMs: 3_000, leaseGraceMs: 500 });
}

test('an orchestrator whose lease is over claims nothing until it has another, and says that it is worth a retry', async () => {
  const { space, store } = await openControl();
  const claims = claimsIn(space);
  await claims.enter(signal);
  expect(await claims.claim(1)).toBe(true);
  await claims.leave(signal);
  await expect(claims.claim(2)).rejects.toMatchObject({ code: 'unavailable' });
  await claims.enter(signal);
  expect(await claims.claim(2)).toBe(true);
  await store.stop();
});

test('so does one whose lease is unknown to a space that has lost its memory', async () => {
  const [before, after] = [await openControl(), await openControl()];
  let { space } = before;
  // The client's view of the space stays; what is behind it does not.
  const claims = claimsIn(new Proxy(space, { get: (_, name: keyof TupleSpace) => space[name].bind(space) }));
  await claims.enter(signal);
  ({ space } = after);
  await expect(claims.claim(1)).rejects.toMatchObject({ code: 'unavailable' });
  await claims.enter(signal);
  expect(await claims.claim(1)).toBe(true);
  await before.store.stop();
  await after.store.stop();
});

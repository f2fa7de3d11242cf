import { controlSettings, controlSpace } from '../general-node/index.js';
import { silentLog, systemClock } from '../runtime/index.js';
import { MemoryStore } from '../tuplespace/index.js';
import { Claims } from './claims.js';

test('an orchestrator whose lease is over claims nothing until it has another, and says that it is worth a retry', async () => {
  const store = new MemoryStore({ clock: systemClock, version: 'test' });
  await store.start();
  const { token } = await store.session('').enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
  const space = store.session(token);
  await space.putSpace({ space: controlSpace, settings: controlSettings });
  const claims = new Claims({ space, clock: systemClock, log: silentLog, leaseMs: 3_000, leaseGraceMs: 500 });
  const { signal } = new AbortController();
  await claims.enter(signal);
  expect(await claims.claim(1)).toBe(true);
  await claims.leave(signal);
  await expect(claims.claim(2)).rejects.toMatchObject({ code: 'unavailable' });
  await claims.enter(signal);
  expect(await claims.claim(2)).toBe(true);
  await store.stop();
});

import { runHostile } from './check/hostile/run-hostile.js';

describe.each([
  ['memory', 1],
  ['redis', 2],
] as const)('over %s', (backend, replicaCount) => {
  test('a general with a good token is refused whatever it must not do, and the round meanwhile keeps its verdict', async () => {
    const { problems, actCount, auditedCount } = await runHostile(backend, replicaCount);
    expect(problems).toEqual([]);
    expect(actCount).toBeGreaterThanOrEqual(50 * replicaCount);
    expect(auditedCount).toBeGreaterThanOrEqual(45 * replicaCount);
  });
});

/**
 * Rounds whose runner fails: they end all the same, once.
 */
import { summary } from '../consensus/index.js';
import { endTemplates } from '../general-node/index.js';
import { until } from '../runtime/testing/conditions.js';
import { any, template } from '../tuplespace/index.js';
import type { RoundRequest } from './orchestrator.js';
import { ended, type FailingSystem, startFailingSystem } from './testing/failing-system.js';
import type { PlantedFailures } from './testing/planted-failures.js';

let system: FailingSystem;

beforeEach(async () => {
  system = await startFailingSystem();
  await system.startNode({ node: 'only' });
});

afterEach(() => system.stop());

/** A silent traitor keeps it waiting for a phase, so that the failures can be planted before its runner does anything. */
const waiting: RoundRequest = {
  generalCount: 4,
  traitors: [{ general: 'general-1', strategy: 'silent' }],
  phaseMs: 500,
  seed: 1,
};

async function start(kind: Omit<PlantedFailures, 'left'>, count: number) {
  const planted = { ...kind, left: 0 };
  const orchestrator = await system.startOrchestrator('one', { planted });
  const round = await orchestrator.startRound(waiting);
  planted.left = count;
  return { orchestrator, round, planted };
}

async function count(space: string, templates: Parameters<typeof system.space.read>[0]['templates']) {
  return (await system.space.read({ space, templates, countOnly: true })).count;
}

describe.each(['before', 'after'] as const)('a runner that fails %s it has written', (when) => {
  test('is replaced, and the round has one verdict and one close of each phase', async () => {
    const { orchestrator, round, planted } = await start({ name: 'write', when }, 3);
    const { verdict } = await ended(orchestrator, round.number);
    expect(planted.left).toBe(0);
    expect(verdict && summary(verdict)).toBe('held');
    expect(await count(round.space, endTemplates)).toBe(1);
    expect(await count(round.space, [template('close', any)])).toBe(3);
  });
});

test('a round that no runner can go on with is cancelled, with the reason, and its seats are free again', async () => {
  const { orchestrator, round } = await start({ name: 'readAudit', when: 'before' }, 6);
  const { status, cancelledBecause } = await ended(orchestrator, round.number);
  expect(status).toBe('cancelled');
  expect(cancelledBecause).toBe(
    'the orchestrator failed 6 times to go on with it, last by: planted by the test',
  );
  expect(await count(round.space, endTemplates)).toBe(1);
  await until('its seats are free', async () => (await orchestrator.listNodes())[0]?.seats.length === 0);
}, 30_000);

test('one failure fewer, and it has its verdict', async () => {
  const { orchestrator, round } = await start({ name: 'readAudit', when: 'before' }, 5);
  const { verdict } = await ended(orchestrator, round.number);
  expect(verdict && summary(verdict)).toBe('held');
}, 30_000);

test('a round whose space is dropped is driven no more, and its seats are free again', async () => {
  const { orchestrator, round } = await start({ name: 'write', when: 'before' }, 0);
  await system.space.dropSpace({ space: round.space });
  await until('its seats are free', async () => (await orchestrator.listNodes())[0]?.seats.length === 0);
  await expect(orchestrator.getRound({ number: round.number })).rejects.toMatchObject({ code: 'not_found' });
});

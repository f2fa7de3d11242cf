import type { RoundRequest } from './orchestrator.js';
import type { RoundDefaults } from './resolve.js';
import { resolveRound } from './resolve.js';

const defaults: RoundDefaults = {
  protocol: 'om',
  generalCount: 4,
  faultCount: 1,
  strategy: 'two-faced',
  phaseMs: 1_000,
  messagesMax: 20_000,
};

function resolve(request: RoundRequest = {}) {
  return resolveRound(request, defaults, () => 41);
}

function failure(request: RoundRequest): unknown {
  try {
    resolve(request);
  } catch (error) {
    return error;
  }
  throw new Error('it was accepted');
}

test('an empty request takes every default, and the seed is drawn', () => {
  const { setting, traitors, order, seed, phaseMs } = resolve();
  expect(setting).toMatchObject({ protocol: 'om', mode: 'mailbox', commander: 'general-0', traitorsMax: 1 });
  expect(setting.generals).toHaveLength(4);
  expect(traitors).toHaveLength(1);
  expect(traitors[0]?.strategy).toBe('two-faced');
  expect({ order, seed, phaseMs }).toEqual({ order: 'Attack', seed: 41, phaseMs: 1_000 });
});

test('the same seed draws the same traitors, another one in time others', () => {
  const drawn = (seed: number) => resolve({ generalCount: 10, traitorCount: 3, seed }).traitors;
  expect(drawn(5)).toEqual(drawn(5));
  const sets = new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(drawn(seed))));
  expect(sets.size).toBeGreaterThan(10);
});

test('traitors that are named stay, the rest is drawn among the others', () => {
  const { traitors } = resolve({
    generalCount: 7,
    traitorCount: 2,
    traitors: [{ general: 'general-3', strategy: 'silent' }],
  });
  expect(traitors).toHaveLength(2);
  expect(traitors).toContainEqual({ general: 'general-3', strategy: 'silent' });
});

test('the number of traitors dimensions the round unless it says otherwise', () => {
  expect(resolve({ generalCount: 7, traitorCount: 2 }).setting.traitorsMax).toBe(2);
  expect(resolve({ generalCount: 7, traitorCount: 1, faultCount: 2 }).setting.traitorsMax).toBe(2);
});

test('n = 3m is refused with what it needs, n = 3m + 1 is not', () => {
  expect(failure({ generalCount: 6, traitorCount: 2 })).toMatchObject({ code: 'failed_precondition' });
  expect(String(failure({ generalCount: 6, traitorCount: 2 }))).toMatch(/m = 2 needs .*3m \+ 1.*n = 6/);
  expect(resolve({ generalCount: 7, traitorCount: 2 }).cost.messageCount).toBe(156);
});

test('outside the bound runs when it is asked for', () => {
  const { setting, traitors } = resolve({ generalCount: 3, traitorCount: 1, isOutsideBoundAllowed: true });
  expect(setting.generals).toHaveLength(3);
  expect(traitors).toHaveLength(1);
});

test('more traitors than m is outside the bound too', () => {
  const request = { generalCount: 7, faultCount: 1, traitorCount: 2 };
  expect(failure(request)).toMatchObject({ code: 'failed_precondition' });
  expect(resolve({ ...request, isOutsideBoundAllowed: true }).traitors).toHaveLength(2);
});

test('a round above the ceiling is refused with its count and the limit', () => {
  const error = failure({ generalCount: 13, traitorCount: 4 });
  expect(error).toMatchObject({
    code: 'resource_exhausted',
    details: { messageCount: '108384', messagesMax: '20000' },
  });
  expect(String(error)).toMatch(/OM\(4\) with 13 generals sends 108,384 messages; the limit is 20,000/);
  expect(resolve({ generalCount: 13, traitorCount: 4, messagesMax: 108_384 }).cost.messageCount).toBe(
    108_384,
  );
});

test.each<[RoundRequest, string]>([
  [{ generalCount: 1 }, 'general_count'],
  [{ generalCount: 4.5 }, 'general_count'],
  [{ generalCount: 101 }, 'general_count'],
  [{ faultCount: -1 }, 'fault_count'],
  [{ traitorCount: 5, isOutsideBoundAllowed: true, faultCount: 1 }, 'traitor_count'],
  [{ protocol: 'paxos' }, 'protocol'],
  [{ strategy: 'nice' }, 'strategy'],
  [{ seed: 2 ** 32 }, 'seed'],
  [{ seed: -1 }, 'seed'],
  [{ phaseMs: 0 }, 'phase_ms'],
  [{ traitors: [{ general: 'general-4', strategy: 'flip' }] }, 'traitors[0].general'],
  [{ traitors: [{ general: 'general-01', strategy: 'flip' }] }, 'traitors[0].general'],
  [
    {
      traitors: [
        { general: 'general-1', strategy: 'flip' },
        { general: 'general-1', strategy: 'silent' },
      ],
      isOutsideBoundAllowed: true,
    },
    'traitors[1].general',
  ],
  [
    { traitorCount: 0, faultCount: 1, traitors: [{ general: 'general-1', strategy: 'flip' }] },
    'traitor_count',
  ],
])('%j is refused and %s is named', (request, field) => {
  expect(failure(request)).toMatchObject({ code: 'invalid_argument', details: { field } });
});

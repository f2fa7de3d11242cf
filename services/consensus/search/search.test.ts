import { simulateRound } from '../run.js';
import { isBroken, oral } from '../testing/builders.js';
import type { TraitorSpec } from '../traitors/spec.js';
import { type Rung, type SearchOutcome, type SearchRequest, search } from './search.js';
import { shrink } from './shrink.js';

function searched(request: Omit<SearchRequest, 'seed' | 'runsMax'>): SearchOutcome {
  const steps = search({ seed: 1, runsMax: 3_000, ...request });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

describe('the search', () => {
  it.each<[Rung, number, number]>([
    ['exact', 6, 2],
    ['two-faced', 6, 2],
    ['staged', 6, 2],
    ['random', 6, 2],
    ['climb', 6, 2],
  ])('on the rung %s breaks n = %i, m = %i, and the same again', (rung, n, m) => {
    const request = { setting: oral(n, m), traitorCount: m, rungs: [rung] };
    const { finding } = searched(request);
    expect(finding?.rung).toBe(rung);
    expect(finding && isBroken(simulateRound(finding.plan))).toBe(true);
    expect(searched(request).finding?.plan).toEqual(finding?.plan);
  });

  it('knows that nothing breaks n = 7, m = 2, and does not know of n = 10, m = 3', () => {
    expect(searched({ setting: oral(7, 2), traitorCount: 2 })).toMatchObject({
      finding: undefined,
      isProof: true,
    });
    const beyond = searched({ setting: oral(10, 3), traitorCount: 3, rungs: ['exact'] });
    expect(beyond).toMatchObject({ finding: undefined, isProof: false });
  });
});

describe('a shrunk plan', () => {
  it.each([
    [3, 1, 1],
    [6, 2, 2],
    [7, 2, 3],
  ])('at n = %i, m = %i with %i traitors breaks the round, and no lie of it can be taken back', (n, m, k) => {
    const { finding } = searched({ setting: oral(n, m), traitorCount: k, rungs: ['two-faced', 'random'] });
    const shrunk = finding && shrink(finding.plan);
    expect(shrunk && isBroken(simulateRound(shrunk.plan))).toBe(true);
    for (const [i, spec] of (shrunk?.plan.traitors ?? []).entries()) {
      if (spec.strategy !== 'table') throw new Error('a shrunk plan is made of tables');
      for (const line of spec.acts.keys()) {
        const fewer: TraitorSpec = { ...spec, acts: spec.acts.toSpliced(line, 1) };
        const traitors = shrunk?.plan.traitors.with(i, fewer) ?? [];
        expect(shrunk && isBroken(simulateRound({ ...shrunk.plan, traitors }))).toBe(false);
      }
    }
  });

  it('exists for every way to betray, and not for a plan that breaks nothing', () => {
    for (const strategy of ['flip', 'silent', 'twins', 'late', 'king-hunter'] as const) {
      const traitors = [{ general: 'general-2', strategy }];
      const plan = { setting: oral(3, 1), order: 'Attack' as const, traitors, seed: 3 };
      const shrunk = shrink(plan);
      expect(shrunk === undefined).toBe(!isBroken(simulateRound(plan)));
      if (shrunk !== undefined) expect(shrunk.lieCount).toBe(1);
    }
    const held = [{ general: 'general-3', strategy: 'flip' as const }];
    expect(shrink({ setting: oral(4, 1), order: 'Attack', traitors: held, seed: 0 })).toBeUndefined();
  });
});

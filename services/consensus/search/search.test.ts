import { type RoundPlan, simulateRound } from '../run.js';
import { isBroken, oral } from '../testing/builders.js';
import { type Form, settingOf } from '../testing/rounds.js';
import type { TraitorSpec } from '../traitors/spec.js';
import { type Rung, type SearchOutcome, type SearchRequest, search } from './search.js';
import { shrink } from './shrink.js';

function searched(request: Omit<SearchRequest, 'seed' | 'runsMax'> & { runsMax?: number }): SearchOutcome {
  const steps = search({ seed: 1, runsMax: 3_000, ...request });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** Take back any one lie, and the round holds. */
function expectMinimal(plan: RoundPlan | undefined): void {
  if (plan === undefined) throw new Error('nothing was found');
  for (const [i, spec] of plan.traitors.entries()) {
    if (spec.strategy !== 'table') throw new Error('a shrunk plan is made of tables');
    for (const line of spec.acts.keys()) {
      const fewer: TraitorSpec = { ...spec, acts: spec.acts.toSpliced(line, 1) };
      expect(isBroken(simulateRound({ ...plan, traitors: plan.traitors.with(i, fewer) }))).toBe(false);
    }
  }
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
      proof: 'every behaviour was gone through',
    });
    const beyond = searched({ setting: oral(10, 3), traitorCount: 3, rungs: ['exact'] });
    expect(beyond).toEqual({ finding: undefined, tried: [{ rung: 'exact', runCount: 0 }] });
  });
});

/** Outside their bounds, or baselines: each is broken, by so many traitors. */
const breakable: readonly [string, Form, number, number, number][] = [
  ['a council of OM', { protocol: 'om', isCouncil: true }, 3, 1, 1],
  ['a larger council of OM', { protocol: 'om', isCouncil: true }, 6, 2, 2],
  ['a board with a council', { protocol: 'om', mode: 'board', isCouncil: true }, 4, 2, 2],
  ['SM with one traitor too many (KA14)', { protocol: 'sm' }, 4, 1, 2],
  ['a council of SM', { protocol: 'sm', isCouncil: true }, 4, 2, 2],
  ['King', { protocol: 'king' }, 3, 1, 1],
  ['a council by King', { protocol: 'king', isCouncil: true }, 3, 1, 1],
  ['Phase King', { protocol: 'phase-king' }, 4, 1, 1],
  ['a council by Phase King', { protocol: 'phase-king', isCouncil: true }, 4, 1, 1],
  ['one relay', { protocol: 'majority' }, 7, 2, 2],
  ['a vote', { protocol: 'majority', isCouncil: true }, 4, 1, 1],
  ['the flat majority', { protocol: 'flat' }, 7, 2, 2],
];

describe('other forms and modes', () => {
  it.each(breakable)('%s is broken, and the plan can be made small', (_, form, n, m, k) => {
    const setting = settingOf(form, n, m);
    const { finding } = searched({ setting, traitorCount: k });
    expect(finding && isBroken(simulateRound(finding.plan))).toBe(true);
    const shrunk = finding && shrink(finding.plan);
    expect(shrunk && isBroken(simulateRound(shrunk.plan))).toBe(true);
    expect(shrunk?.lieCount).toBeLessThanOrEqual(shrunk?.lieCountBefore ?? 0);
    expectMinimal(shrunk?.plan);
  });

  it.each<[string, Form, number, number, number]>([
    ['a council of OM', { protocol: 'om', isCouncil: true }, 4, 1, 1],
    ['a board with a council', { protocol: 'om', mode: 'board', isCouncil: true }, 5, 2, 2],
    ['SM', { protocol: 'sm' }, 4, 2, 2],
    ['a council of SM', { protocol: 'sm', isCouncil: true }, 3, 1, 1],
    ['King', { protocol: 'king' }, 4, 1, 1],
    ['a council by King', { protocol: 'king', isCouncil: true }, 4, 1, 1],
    ['Phase King', { protocol: 'phase-king', isCouncil: true }, 5, 1, 1],
  ])('%s within its bound is not', (_, form, n, m, k) => {
    const setting = settingOf(form, n, m);
    expect(searched({ setting, traitorCount: k, runsMax: 100 }).finding).toBeUndefined();
  });

  it.each<[string, Form, number, number, string]>([
    ['a board with a commander', { protocol: 'om', mode: 'board' }, 2, 4, 'everybody reads'],
    ['one loyal general under SM', { protocol: 'sm' }, 3, 4, 'agrees with itself'],
    ['nobody who betrays', { protocol: 'king' }, 0, 4, 'nobody betrays'],
    ['nobody who is loyal', { protocol: 'om', isCouncil: true }, 4, 4, 'nobody is loyal'],
  ])('%s cannot be broken, and the search says why', (_, form, traitorCount, n, why) => {
    const outcome = searched({ setting: settingOf(form, n, traitorCount), traitorCount });
    expect(outcome).toMatchObject({ finding: undefined, tried: [] });
    expect(outcome.proof).toContain(why);
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
    expectMinimal(shrunk?.plan);
  });

  it('says one vote where one of both is enough', () => {
    // The commander gives both orders to a traitor, which shows the second one to general-1 alone.
    const [commander, relay] = ['general-0', 'general-3'];
    const told = { phase: 0, from: commander, to: relay, path: [commander], act: 'both' } as const;
    const kept = {
      phase: 1,
      from: relay,
      to: 'general-2',
      path: [commander, relay],
      act: 'nothing',
    } as const;
    const shrunk = shrink({
      setting: settingOf({ protocol: 'sm' }, 4, 1),
      order: 'Attack',
      traitors: [
        { general: commander, strategy: 'table', acts: [told] },
        { general: relay, strategy: 'table', acts: [kept] },
      ],
      seed: 0,
    });
    const acts = shrunk?.plan.traitors.flatMap((spec) => (spec.strategy === 'table' ? spec.acts : []));
    expect(acts).toEqual([{ ...told, act: 'Retreat' }, kept]);
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

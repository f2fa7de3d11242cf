import { protocolOf } from '../protocols.js';
import { choose, random } from '../random.js';
import { type RoundPlan, type SimulatedRound, simulateRound } from '../run.js';
import { decisionsOf, ids, oral, tableOf } from '../testing/builders.js';
import type { TraitorSpec } from '../traitors/spec.js';
import { strategyNames } from '../traitors/strategies.js';
import { type Suspicion, suspectsOf } from './suspects.js';

const four = oral(4, 1);
const [commander = '', first = '', second = '', third = ''] = four.generals;

function suspicionOf(plan: RoundPlan, round: SimulatedRound, general: string): Suspicion {
  const tree = protocolOf(plan.setting).explain(round.states.get(general));
  if (tree === undefined) throw new Error(`${general} has no vote tree`);
  return suspectsOf(tree, plan.setting.traitorsMax);
}

/** KA16: what consistent sets of traitors each lieutenant sees. */
describe('suspects among four generals', () => {
  test('a commander that tells one of three something else is known to that one alone', () => {
    const treason = tableOf(four, commander, ({ to }) => (to === third ? 'Retreat' : 'Attack'));
    const plan: RoundPlan = { setting: four, order: 'Attack', traitors: [treason], seed: 0 };
    const round = simulateRound(plan);
    expect(decisionsOf(round, ids(1, 2, 3))).toEqual(['Attack', 'Attack', 'Attack']);
    for (const lieutenant of [first, second]) {
      const { explanations, known } = suspicionOf(plan, round, lieutenant);
      expect(explanations).toEqual([[commander], [third]]);
      expect(known).toEqual([]);
    }
    const outvoted = suspicionOf(plan, round, third);
    expect(outvoted.explanations).toEqual([[commander]]);
    expect(outvoted.known).toEqual([commander]);
  });

  test('a lieutenant that flips cannot be told from a commander that lied to it', () => {
    const plan: RoundPlan = {
      setting: four,
      order: 'Attack',
      traitors: [{ general: third, strategy: 'flip' }],
      seed: 0,
    };
    const round = simulateRound(plan);
    for (const lieutenant of [first, second]) {
      expect(suspicionOf(plan, round, lieutenant)).toMatchObject({
        accusations: [[commander, third]],
        explanations: [[commander], [third]],
        known: [],
      });
    }
  });

  test('silence accuses nobody', () => {
    const plan: RoundPlan = {
      setting: four,
      order: 'Attack',
      traitors: [{ general: third, strategy: 'silent' }],
      seed: 0,
    };
    expect(suspicionOf(plan, simulateRound(plan), first)).toEqual({
      accusations: [],
      explanations: [[]],
      known: [],
    });
  });

  test('a view that no traitor explains shows that there are more than m', () => {
    const setting = oral(4, 0);
    const liar = tableOf(oral(4, 1), third, () => 'Retreat');
    const plan: RoundPlan = { setting: four, order: 'Attack', traitors: [liar], seed: 0 };
    const tree = protocolOf(four).explain(simulateRound(plan).states.get(first));
    if (tree === undefined) throw new Error('there is no tree');
    expect(suspectsOf(tree, setting.traitorsMax)).toMatchObject({ explanations: [], known: [] });
  });
});

/** Every consistent set by the rule itself, tried one by one. */
function bruteForce(plan: RoundPlan, round: SimulatedRound, general: string): string[][] {
  const heard = new Map(
    round.messages
      .filter(({ to }) => to === general)
      .flatMap(({ entries }) => entries.map(({ path, vote }) => [path.join(' '), vote] as const)),
  );
  const explains = (traitors: readonly string[]): boolean =>
    [...heard].every(([key, vote]) => {
      const path = key.split(' ');
      const [speaker = '', relayer = ''] = [path.at(-2), path.at(-1)];
      const before = heard.get(path.slice(0, -1).join(' '));
      const isFree = path.length < 2 || before === undefined;
      return isFree || traitors.includes(speaker) || traitors.includes(relayer) || before === vote;
    });
  const others = plan.setting.generals.filter((one) => one !== general);
  const pairs = others.flatMap((one, i) => others.slice(i + 1).map((other) => [one, other]));
  return [[], ...others.map((one) => [one]), ...pairs].filter(explains);
}

describe('suspects among seven generals, for 200 treasons', () => {
  const setting = oral(7, 2);
  const rounds = Array.from({ length: 200 }, (_, seed) => {
    const traitors = choose(setting.generals, 2, seed, 'traitors').map(
      (general, i): TraitorSpec => ({
        general,
        strategy: strategyNames[random(seed, 'strategy', i) % strategyNames.length] ?? 'flip',
      }),
    );
    const plan: RoundPlan = { setting, order: seed % 2 === 0 ? 'Attack' : 'Retreat', traitors, seed };
    return { seed, plan, round: simulateRound(plan), traitors: traitors.map(({ general }) => general) };
  });

  test('are those of the rule, tried set by set', () => {
    for (const { seed, plan, round, traitors } of rounds) {
      for (const general of setting.generals) {
        if (general === setting.commander || traitors.includes(general)) continue;
        const { explanations, known } = suspicionOf(plan, round, general);
        const all = bruteForce(plan, round, general);
        const least = all.filter(
          (set) => !all.some((other) => other.length < set.length && other.every((one) => set.includes(one))),
        );
        const sorted = (sets: readonly (readonly string[])[]) => sets.map((set) => set.join(' ')).sort();
        expect({ seed, sets: sorted(explanations) }).toEqual({ seed, sets: sorted(least) });
        const common = setting.generals.filter(
          (one) => all.length > 0 && all.every((set) => set.includes(one)),
        );
        expect({ seed, known: [...known].sort() }).toEqual({ seed, known: common });
      }
    }
  });

  test('never leave out the real traitors, and never name a loyal general for certain', () => {
    let knownCount = 0;
    for (const { seed, plan, round, traitors } of rounds) {
      for (const general of setting.generals) {
        if (general === setting.commander || traitors.includes(general)) continue;
        const { explanations, known } = suspicionOf(plan, round, general);
        const isExplained = explanations.some((set) => set.every((one) => traitors.includes(one)));
        expect({ seed, general, isExplained }).toEqual({ seed, general, isExplained: true });
        expect(known.filter((one) => !traitors.includes(one))).toEqual([]);
        knownCount += known.length;
      }
    }
    expect(knownCount).toBeGreaterThan(50);
  });
});

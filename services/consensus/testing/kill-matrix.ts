/**
 * Tests of the tests: protocols with planted bugs, and which of our ways to look for a treason finds each. What a
 * way finds depends on seeds and is the same in every run.
 */
import { type OmState, om } from '../om.js';
import type { GeneralId, Protocol, Setting, Vote } from '../protocol.js';
import { votes } from '../protocol.js';
import { explore } from '../prove/explore.js';
import type { ProofCase } from '../prove/proof.js';
import { proofCases } from '../prove/prove.js';
import { type RoundPlan, simulateRound } from '../run.js';
import { randomCandidates, stagedCandidates, twoFacedCandidates } from '../search/candidates.js';
import { subsets } from '../search/subsets.js';
import { type Strategy, strategies } from '../traitors/strategies.js';
import { buggedKing } from './bugged-king.js';
import { isKilledBy } from './bugged-rounds.js';
import { buggedSm } from './bugged-sm.js';
import { isBroken, oral } from './builders.js';
import { type PlantedBugName, plantedBugs } from './planted-bugs.js';
import { settingOf } from './rounds.js';

/** Bugs of one protocol. */
export interface Suite {
  readonly title: string;
  /** Where strategies and searches look. */
  readonly setting: Setting;
  /** Where all behaviours are gone through, as far as they can be. */
  readonly proofSettings: readonly Setting[];
  readonly bugs: readonly string[];
  readonly bugged: (bug: string) => Protocol<unknown>;
  /** Says of each bug whether it breaks this round. */
  readonly trial: (plan: RoundPlan) => (bug: string) => boolean;
}

/** Which bugs each way finds, by its name. */
export type KillMatrix = ReadonlyMap<string, readonly string[]>;

export const suites: readonly Suite[] = [
  {
    title: 'OM(2), 7 generals',
    setting: oral(7, 2),
    proofSettings: [oral(4, 1)],
    bugs: Object.keys(plantedBugs),
    bugged: (bug) => decidingWith(plantedBugs[bug as PlantedBugName]),
    trial(plan) {
      const round = unbroken(plan);
      return (bug) => isKilledBy(plantedBugs[bug as PlantedBugName], plan, round);
    },
  },
  variants('SM(2), 4 generals', buggedSm, {
    setting: signed(4, 2),
    proofSettings: [signed(3, 1), signed(4, 1), signed(4, 2)],
  }),
  variants('King(1) council, 4 generals', buggedKing, {
    setting: settingOf({ protocol: 'king', isCouncil: true }, 4, 1),
    proofSettings: [settingOf({ protocol: 'king', isCouncil: true }, 4, 1)],
  }),
];

/** Every way to look, on every bug of the suite. */
export function killMatrix(suite: Suite): KillMatrix {
  const { setting } = suite;
  const asked = { setting, traitorCount: setting.traitorsMax, seed: 1 };
  const few = (plans: Iterable<RoundPlan>) => take(plans, searchRunsMax);
  return new Map<string, readonly string[]>([
    [`prove (${suite.proofSettings.map(sizeOf).join(' or ')})`, proved(suite)],
    ...strategies.map(({ name, isSeeded }): [string, readonly string[]] => [
      `strategy ${name}`,
      found(suite, plansOf({ name, isSeeded }, setting)),
    ]),
    ['search two-faced', found(suite, few(twoFacedCandidates(asked)))],
    ['search staged', found(suite, few(stagedCandidates(asked)))],
    ['search random', found(suite, few(randomCandidates(asked)))],
  ]);
}

const searchRunsMax = 1_000;
const seedCount = 8;

function variants(
  title: string,
  protocols: Readonly<Record<string, Protocol<unknown>>>,
  places: Pick<Suite, 'setting' | 'proofSettings'>,
): Suite {
  return {
    title,
    ...places,
    bugs: Object.keys(protocols),
    bugged: (bug) => protocols[bug] as Protocol<unknown>,
    trial(plan) {
      unbroken(plan);
      return (bug) => isBroken(simulateRound(plan, protocols[bug]));
    },
  };
}

function signed(n: number, m: number): Setting {
  return settingOf({ protocol: 'sm' }, n, m);
}

/** A strategy that breaks the protocol as it is would say nothing about bugs. */
function unbroken(plan: RoundPlan) {
  const round = simulateRound(plan);
  if (isBroken(round)) throw new Error(`the protocol itself is broken by ${JSON.stringify(plan)}`);
  return round;
}

/** OM with another last step. */
function decidingWith(bug: (typeof plantedBugs)[PlantedBugName]): Protocol<OmState> {
  return {
    ...om,
    step(before, input) {
      const { state, outputs } = om.step(before, input);
      const tree = om.explain(state);
      if (tree === undefined) return { state, outputs };
      const decided = outputs.map((output) =>
        output.kind === 'decide' ? { ...output, vote: bug(tree) } : output,
      );
      return { state, outputs: decided };
    },
  };
}

function proved({ proofSettings, bugs, bugged }: Suite): readonly string[] {
  const cases = proofSettings.flatMap((setting) => proofCases(setting, setting.traitorsMax));
  const isBreaking = (asked: ProofCase, bug: string) => {
    const proof = explore(asked, undefined, bugged(bug));
    return proof !== undefined && proof.violations > 0n;
  };
  return bugs.filter((bug) => cases.some((asked) => isBreaking(asked, bug)));
}

function found({ bugs, trial }: Suite, plans: Iterable<RoundPlan>): readonly string[] {
  const killed = new Set<string>();
  for (const plan of plans) {
    const isKilling = trial(plan);
    for (const bug of bugs) if (!killed.has(bug) && isKilling(bug)) killed.add(bug);
    if (killed.size === bugs.length) break;
  }
  return bugs.filter((bug) => killed.has(bug));
}

/** All placements and all that the loyal generals can be given, under the first few seeds. */
function* plansOf(
  { name, isSeeded }: Pick<Strategy, 'name' | 'isSeeded'>,
  setting: Setting,
): Generator<RoundPlan> {
  for (let seed = 0; seed < (isSeeded ? seedCount : 1); seed += 1) {
    for (const traitors of subsets(setting.generals, setting.traitorsMax)) {
      const specs = traitors.map((general) => ({ general, strategy: name }));
      for (const given of givenTo(setting)) yield { setting, ...given, traitors: specs, seed };
    }
  }
}

/** In a council the generals are of one mind, or half of them are for it and half against. */
function givenTo({ generals, isCouncil }: Setting): Pick<RoundPlan, 'order' | 'inputs'>[] {
  if (!isCouncil) return votes.map((order) => ({ order }));
  const divided = [...subsets(generals, Math.floor(generals.length / 2))];
  return [generals, [], ...divided].map((attacking) => ({
    order: 'Retreat',
    inputs: new Map(attacking.map((id): [GeneralId, Vote] => [id, 'Attack'])),
  }));
}

function sizeOf({ generals, traitorsMax }: Setting): string {
  return `n = ${generals.length}, m = ${traitorsMax}`;
}

function* take<Item>(items: Iterable<Item>, max: number): Generator<Item> {
  let count = 0;
  for (const item of items) {
    if (count >= max) return;
    count += 1;
    yield item;
  }
}

/**
 * The treasons that a search tries, rung by rung: each rung is wider and less complete than the one before.
 */
import type { GeneralId, Setting, Vote } from '../protocol.js';
import { everyone, votes } from '../protocol.js';
import { protocolOf } from '../protocols.js';
import { choose, random } from '../random.js';
import type { RoundPlan } from '../run.js';
import type { TableAct } from '../traitors/table.js';
import { tabulate } from '../traitors/tabulate.js';
import { subsetOf, subsets } from './subsets.js';

export interface Candidates {
  readonly setting: Setting;
  readonly traitorCount: number;
  /** Of the first candidate of the seeded rungs; each later one counts up. */
  readonly seed: number;
}

/** Every traitor says Attack to one camp and Retreat to the rest: every camp, placement and given vote. */
export function* twoFacedCandidates(asked: Candidates): Generator<RoundPlan> {
  for (const { given, traitors, told } of placements(asked)) {
    for (let camp = 0; camp < 2 ** told.length; camp += 1) {
      const members = new Set(subsetOf(told, camp));
      yield tables(asked.setting, given, traitors, ({ to }) => (members.has(to) ? 'Attack' : 'Retreat'));
    }
  }
}

/**
 * One camp in phase 0, one and the same vote in the phases between, another camp in the last: pairs of camps drawn
 * by the seed for every placement and given vote, again and again.
 */
export function* stagedCandidates(asked: Candidates): Generator<RoundPlan> {
  const lastPhase = protocolOf(asked.setting).phaseCount(asked.setting) - 1;
  for (let draw = 0; draw < stagedDrawMax; draw += 1) {
    for (const { given, traitors, told } of placements(asked)) {
      const campCount = 2 ** told.length;
      const camp = (name: string) =>
        new Set(subsetOf(told, random(asked.seed, name, draw, ...traitors) % campCount));
      const [first, last] = [camp('first camp'), camp('last camp')];
      const uniform = random(asked.seed, 'uniform', draw, ...traitors) % 2 === 0 ? 'Attack' : 'Retreat';
      yield tables(asked.setting, given, traitors, ({ phase, to }) => {
        if (phase > 0 && phase < lastPhase) return uniform;
        return (phase === 0 ? first : last).has(to) ? 'Attack' : 'Retreat';
      });
    }
  }
}

/** Anything anywhere, silence included, drawn by the candidate's seed. */
export function* randomCandidates(asked: Candidates): Generator<RoundPlan> {
  for (let step = 0; step <= 0xffffffff; step += 1) yield randomPlan(asked, (asked.seed + step) >>> 0);
}

/** The random treason of one seed: traitors, order and inputs are drawn too. */
export function randomPlan({ setting, traitorCount }: Candidates, seed: number): RoundPlan {
  const { generals, isCouncil } = setting;
  const traitors = choose(generals, traitorCount, seed, 'traitors');
  const draw = (...names: readonly string[]): Vote =>
    random(seed, ...names) % 2 === 0 ? 'Attack' : 'Retreat';
  const attackers = generals.filter((general) => draw('input', general) === 'Attack');
  const given = isCouncil ? councilOf(attackers) : { order: draw('order') };
  const sayings = sayingsIn(setting);
  // Where both votes at once mean nothing, omissions are kept rare: a lie goes further than silence.
  const silenceShare = setting.mode === 'signed' ? 4 : 10;
  const plan = tables(setting, given, traitors, ({ phase, to, path }) => {
    const lot = random(seed, 'act', phase, to, ...path);
    if (lot % silenceShare === 0) return 'nothing';
    return sayings[Math.floor(lot / silenceShare) % (sayings.length - 1)] ?? 'nothing';
  });
  return { ...plan, seed };
}

/** All that a traitor can say at one place, `nothing` last. */
export function sayingsIn({ mode }: Setting): readonly TableAct['act'][] {
  return mode === 'signed' ? [...votes, 'both', 'nothing'] : [...votes, 'nothing'];
}

/** What the loyal generals start with. */
type Given = Pick<RoundPlan, 'order' | 'inputs'>;

/** Every choice of traitors with every order, or, in a council, with inputs that differ in their number. */
export function* placements({ setting, traitorCount }: Omit<Candidates, 'seed'>) {
  const { generals, commander, isCouncil, mode } = setting;
  for (const traitors of subsets(generals, traitorCount)) {
    const loyal = generals.filter((general) => !traitors.includes(general));
    const addressed = isCouncil ? loyal : loyal.filter((general) => general !== commander);
    const told = mode === 'board' ? [everyone] : addressed;
    // A traitor in command follows no order. Of the inputs of a council their number matters most.
    const orders = traitors.includes(commander) ? votes.slice(0, 1) : votes;
    const givens: readonly Given[] = isCouncil
      ? [loyal, [], ...loyal.slice(1).map((_, i) => loyal.slice(0, i + 1))].map(councilOf)
      : orders.map((order) => ({ order }));
    for (const given of givens) yield { given, traitors, told };
  }
}

/** A council in which these generals propose Attack and the others Retreat. */
function councilOf(attackers: readonly GeneralId[]): Given {
  return { order: 'Retreat', inputs: new Map(attackers.map((general) => [general, 'Attack'])) };
}

function tables(
  setting: Setting,
  given: Given,
  traitors: readonly GeneralId[],
  say: (value: Omit<TableAct, 'act'>) => TableAct['act'],
): RoundPlan {
  return { setting, ...given, traitors: traitors.map((general) => tabulate(setting, general, say)), seed: 0 };
}

/** Enough to cover every pair of camps of five lieutenants several times. */
const stagedDrawMax = 4_096;

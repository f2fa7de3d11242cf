/**
 * The treasons that a search tries, rung by rung: each rung is wider and less complete than the one before.
 */
import type { GeneralId, Setting, Vote } from '../protocol.js';
import { votes } from '../protocol.js';
import { random } from '../random.js';
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

/** Every traitor says Attack to one camp and Retreat to the rest: every camp, placement and order. */
export function* twoFacedCandidates(asked: Candidates): Generator<RoundPlan> {
  for (const { traitors, order, told } of placements(asked)) {
    for (let camp = 0; camp < 2 ** told.length; camp += 1) {
      const members = new Set(subsetOf(told, camp));
      yield tables(asked.setting, order, traitors, ({ to }) => (members.has(to) ? 'Attack' : 'Retreat'));
    }
  }
}

/**
 * One camp in phase 0, one and the same vote in the phases between, another camp in the last: every pair of camps
 * while there are few, else pairs drawn by the seed without end.
 */
export function* stagedCandidates(asked: Candidates): Generator<RoundPlan> {
  const lastPhase = asked.setting.traitorsMax;
  for (let draw = 0; draw < stagedDrawMax; draw += 1) {
    for (const { traitors, order, told } of placements(asked)) {
      const campCount = 2 ** told.length;
      const camp = (name: string) =>
        new Set(subsetOf(told, random(asked.seed, name, draw, ...traitors) % campCount));
      const [first, last] = [camp('first camp'), camp('last camp')];
      const uniform = random(asked.seed, 'uniform', draw, ...traitors) % 2 === 0 ? 'Attack' : 'Retreat';
      yield tables(asked.setting, order, traitors, ({ phase, to }) => {
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

/** The random treason of one seed: traitors and order are drawn too. */
export function randomPlan({ setting, traitorCount }: Candidates, seed: number): RoundPlan {
  const lots = setting.generals.map((general, i) => ({ general, lot: random(seed, 'traitor', i) }));
  const drawn = lots.toSorted((left, right) => left.lot - right.lot).slice(0, traitorCount);
  const names = new Set(drawn.map(({ general }) => general));
  const traitors = setting.generals.filter((general) => names.has(general));
  const order = random(seed, 'order') % 2 === 0 ? 'Attack' : 'Retreat';
  const plan = tables(setting, order, traitors, ({ to, path }) => {
    const lot = random(seed, 'act', to, ...path) % 10;
    return lot < 1 ? 'nothing' : lot % 2 === 0 ? 'Attack' : 'Retreat';
  });
  return { ...plan, seed };
}

function* placements({ setting, traitorCount }: Candidates) {
  for (const traitors of subsets(setting.generals, traitorCount)) {
    const told = setting.generals.filter(
      (general) => general !== setting.commander && !traitors.includes(general),
    );
    // A traitor in command follows no order.
    const orders = traitors.includes(setting.commander) ? votes.slice(0, 1) : votes;
    for (const order of orders) yield { traitors, order, told };
  }
}

function tables(
  setting: Setting,
  order: Vote,
  traitors: readonly GeneralId[],
  say: (value: Omit<TableAct, 'act'>) => TableAct['act'],
): RoundPlan {
  return { setting, order, traitors: traitors.map((general) => tabulate(setting, general, say)), seed: 0 };
}

/** Enough to cover every pair of camps of five lieutenants several times. */
const stagedDrawMax = 4_096;

/**
 * Judges a round as if every loyal lieutenant had decided with a planted bug.
 */
import { type OmState, om } from '../om.js';
import type { Setting, Vote } from '../protocol.js';
import type { RoundPlan, SimulatedRound } from '../run.js';
import { judge } from '../verdict.js';
import type { PlantedBug } from './planted-bugs.js';

/** True when the bug makes agreement or validity fail in this round. */
export function isKilledBy(bug: PlantedBug, plan: RoundPlan, round: SimulatedRound): boolean {
  const { setting, order } = plan;
  const traitors = plan.traitors.map(({ general }) => general);
  const decisions = new Map(
    setting.generals.map((general) => [general, decideWith(bug, setting, order, round, general)]),
  );
  const { agreement, validity } = judge({ setting, order, traitors, lost: [], decisions, isOver: true });
  return agreement.status === 'violated' || validity.status === 'violated';
}

function decideWith(
  bug: PlantedBug,
  setting: Setting,
  order: Vote,
  round: SimulatedRound,
  general: string,
): Vote {
  if (general === setting.commander) return order;
  const tree = om.explain(round.states.get(general) as OmState);
  if (tree === undefined) throw new Error(`${general} has no vote tree`);
  return bug(tree);
}

/**
 * How far a round is from being broken, for a search that climbs: how many of the values that some loyal general
 * heard would have to be other ones for it to decide otherwise.
 */
import type { GeneralId, Vote, VoteNode } from '../protocol.js';
import { protocolOf } from '../protocols.js';
import type { RoundPlan, SimulatedRound } from '../run.js';
import { opposite } from '../traitors/plan.js';

/**
 * 0 for a broken round, else at least 1: the fewest changed values that turn one loyal general away from what
 * the loyal generals decided. `Infinity` when no general can say what it heard.
 */
export function marginOf({ setting, traitors }: RoundPlan, round: SimulatedRound): number {
  const betrayers = new Set(traitors.map(({ general }) => general));
  const loyal = setting.generals.filter((general) => !betrayers.has(general));
  const decided = new Set(loyal.map((general) => round.decisions.get(general)));
  const { agreement, validity } = round.verdict;
  if (agreement.status === 'violated' || validity.status === 'violated') return 0;
  const [vote] = decided;
  if (vote === undefined) return Number.POSITIVE_INFINITY;
  const costs = loyal.map((general) => costOf(general, opposite(vote)));
  return Math.min(Number.POSITIVE_INFINITY, ...costs);

  function costOf(general: GeneralId, wanted: Vote): number {
    const tree = protocolOf(setting).explain(round.states.get(general));
    return tree === undefined ? Number.POSITIVE_INFINITY : Math.max(1, flipCost(tree, wanted));
  }
}

/** The fewest heard values to change so that the node comes to this vote. */
function flipCost(node: VoteNode, wanted: Vote): number {
  if (node.value === wanted) return 0;
  const costs = node.children.map((child) => flipCost(child, wanted));
  costs.push((node.heard ?? 'Retreat') === wanted ? 0 : 1);
  costs.sort((left, right) => left - right);
  // Retreat, the default, wins a tie.
  const needed = wanted === 'Attack' ? Math.floor(costs.length / 2) + 1 : Math.ceil(costs.length / 2);
  return costs.slice(0, needed).reduce((sum, cost) => sum + cost, 0);
}

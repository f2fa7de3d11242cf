import { type Plan, type PlanContext, say, sayTruth } from './plan.js';
import { attackCamp } from './split.js';

/**
 * Covers for the other traitors: of what it heard from a loyal general it tells the truth, so that no loyal word
 * speaks against it; of what a traitor told it, and of its own order when it commands, it tells one camp Attack
 * and the rest Retreat, the same story as all the others.
 */
export function collude(context: PlanContext): Plan {
  const camp = attackCamp(context, 'collude');
  return ({ to, path }) => {
    const heardFrom = path.at(-2);
    if (heardFrom !== undefined && !context.traitors.includes(heardFrom)) return sayTruth;
    return say(camp.has(to) ? 'Attack' : 'Retreat');
  };
}

import { type Plan, type PlanContext, say } from './plan.js';
import { attackCamp } from './split.js';

/**
 * Says Attack to one camp of the loyal lieutenants and Retreat to everybody else, in every phase and of every
 * path.
 */
export function twoFaced(context: PlanContext): Plan {
  const camp = attackCamp(context, 'two-faced');
  return ({ to }) => say(camp.has(to) ? 'Attack' : 'Retreat');
}

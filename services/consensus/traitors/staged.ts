import { protocolOf } from '../protocols.js';
import { random } from '../random.js';
import { type Plan, type PlanContext, say } from './plan.js';
import { attackCamp } from './split.js';

/**
 * Changes its votes between phases, first trusted, then treacherous:
 * - phase 0, when the commander is a traitor: Attack to one camp, Retreat to the rest;
 * - the phases between: one and the same vote, drawn by the seed, to everybody, so that nobody can tell;
 * - the last phase: Attack to a second camp, Retreat to the rest.
 * With one phase phase 0 is all there is; with two no phase is between.
 */
export function staged(context: PlanContext): Plan {
  const lastPhase = protocolOf(context.setting).phaseCount(context.setting) - 1;
  const firstCamp = attackCamp(context, 'staged first');
  const lastCamp = attackCamp(context, 'staged last');
  const uniform = random(context.seed, 'staged uniform') % 2 === 0 ? 'Attack' : 'Retreat';
  return ({ phase, to }) => {
    if (phase > 0 && phase < lastPhase) return say(uniform);
    const camp = phase === 0 ? firstCamp : lastCamp;
    return say(camp.has(to) ? 'Attack' : 'Retreat');
  };
}

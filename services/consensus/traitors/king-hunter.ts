import { type Plan, type PlanContext, say } from './plan.js';
import { attackCamp } from './split.js';

/**
 * Rushes, and keeps the loyal generals apart: it tells one camp what most loyal generals said in this phase and the
 * rest what fewer of them said, so that nobody's majority grows. Where nobody else speaks, in command or as a
 * king, it says Attack to the camp and Retreat to the rest.
 */
export function kingHunter(context: PlanContext): Plan {
  const camp = attackCamp(context, 'king-hunter');
  return ({ to, seen }) => {
    const said = seen.flatMap(({ entries }) => entries.map(({ vote }) => vote));
    const attackCount = said.filter((vote) => vote === 'Attack').length;
    const more = 2 * attackCount > said.length ? 'Attack' : 'Retreat';
    const fewer = more === 'Attack' ? 'Retreat' : 'Attack';
    if (said.length === 0) return say(camp.has(to) ? 'Attack' : 'Retreat');
    return say(camp.has(to) ? more : fewer);
  };
}

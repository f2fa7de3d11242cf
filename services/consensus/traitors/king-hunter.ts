import type { Message, Vote } from '../protocol.js';
import { opposite, type Plan, type PlanContext, say } from './plan.js';
import { attackCamp } from './split.js';

/**
 * Rushes, and keeps the loyal generals apart: it tells one camp what most loyal generals said in this phase and the
 * rest what fewer of them said, so that nobody's majority grows. Where nobody else speaks, in command or as a
 * king, it says Attack to the camp and Retreat to the rest.
 */
export function kingHunter(context: PlanContext): Plan {
  const camp = attackCamp(context, 'king-hunter');
  // A pure memo: all places of a phase come with the same list.
  const memo = new WeakMap<readonly Message[], Vote>();
  return ({ to, seen }) => {
    const more = memo.get(seen) ?? mostSaid(seen);
    memo.set(seen, more);
    return say(camp.has(to) ? more : opposite(more));
  };
}

/** Attack where nobody said anything. */
function mostSaid(seen: readonly Message[]): Vote {
  const said = seen.flatMap(({ entries }) => entries.map(({ vote }) => vote));
  const attackCount = said.filter((vote) => vote === 'Attack').length;
  return 2 * attackCount > said.length || said.length === 0 ? 'Attack' : 'Retreat';
}

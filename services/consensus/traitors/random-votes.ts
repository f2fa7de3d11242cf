import { random } from '../random.js';
import { type Plan, type PlanContext, say } from './plan.js';

/** Tosses a coin for each value: a function of the seed, the recipient and the path, never of time. */
export function randomVotes({ seed }: PlanContext): Plan {
  return ({ to, path }) => say(random(seed, 'random', to, ...path) % 2 === 0 ? 'Attack' : 'Retreat');
}

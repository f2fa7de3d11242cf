import { random } from '../random.js';
import { opposite, type Plan, type PlanContext, say, sayNothing, sayTruth } from './plan.js';

/**
 * Mixes silence with lies: a third of the recipients hear nothing from the traitor in a phase; of what the
 * others hear, a fifth of the values is left out and the rest says the opposite.
 */
export function omit({ seed }: PlanContext): Plan {
  return ({ phase, from, to, path, loyalVote }) => {
    if (random(seed, 'omit message', phase, from, to) % 3 === 0) return sayNothing;
    if (random(seed, 'omit value', to, ...path) % 5 === 0) return sayNothing;
    return loyalVote === undefined ? sayTruth : say(opposite(loyalVote));
  };
}

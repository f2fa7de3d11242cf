import { random } from '../random.js';
import { opposite, type Plan, type PlanContext, say, sayTruth } from './plan.js';

/**
 * Says the opposite of the truth around the close of each phase: to one half of the recipients just before it, to
 * the other half just after it, when it counts for nothing.
 */
export function late({ seed }: PlanContext): Plan {
  return ({ phase, from, to, loyalVote }) => {
    const isInTime = random(seed, 'late', phase, from, to) % 2 === 0;
    const lie = loyalVote === undefined ? sayTruth : say(opposite(loyalVote));
    return { ...lie, when: isInTime ? 'last-moment' : 'late' };
  };
}

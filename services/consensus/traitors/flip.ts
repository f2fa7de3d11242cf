import { opposite, type Plan, say, sayTruth } from './plan.js';

/**
 * Says the opposite of what a loyal general would, to everybody; where one has nothing to say, so has the traitor.
 */
export function flip(): Plan {
  return ({ loyalVote }) => (loyalVote === undefined ? sayTruth : say(opposite(loyalVote)));
}

import { opposite, type Plan, say } from './plan.js';

/** Says the opposite of what a loyal general would, to everybody. */
export function flip(): Plan {
  return ({ loyalVote }) => say(opposite(loyalVote));
}

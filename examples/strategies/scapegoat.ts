/**
 * An own strategy: all traitors pick the same loyal victim, by the seed, tell it the opposite of the truth, and everybody else the truth.
 *
 *   byz run --generals 4 --strategy ./examples/strategies/scapegoat.ts
 *   byz run --generals 3 --faults 1 general-2=./examples/strategies/scapegoat.ts --outside-bound
 */
import type { CreateOwnPlan } from 'byzantine-generals/strategy';

export const createPlan: CreateOwnPlan = ({ setting, traitors, seed }) => {
  const { generals, commander, isCouncil } = setting;
  const loyal = generals.filter((general) => !traitors.includes(general));
  const lieutenants = loyal.filter((general) => isCouncil || general !== commander);
  const victim = lieutenants[seed % Math.max(1, lieutenants.length)];
  return ({ to, loyalVote }) => {
    if (to !== victim || loyalVote === undefined) return 'loyal';
    return loyalVote === 'Attack' ? 'Retreat' : 'Attack';
  };
};

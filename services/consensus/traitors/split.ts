/**
 * Two camps: the common tool of strategies that tell some generals one thing and the rest another.
 */
import type { GeneralId } from '../protocol.js';
import { choose, random } from '../random.js';
import type { PlanContext } from './plan.js';

/**
 * The loyal lieutenants that are told Attack; everybody else is told Retreat. Neither camp is empty when
 * there are two or more of them. Equal for all traitors of a round; `name` tells one split of a strategy from
 * another.
 */
export function attackCamp({ setting, traitors, seed }: PlanContext, name: string): ReadonlySet<GeneralId> {
  const { commander, isCouncil } = setting;
  const isTold = (general: GeneralId) => (isCouncil || general !== commander) && !traitors.includes(general);
  const told = setting.generals.filter(isTold);
  const lot = random(seed, name, 'size');
  const size = told.length < 2 ? lot % (told.length + 1) : 1 + (lot % (told.length - 1));
  return new Set(choose(told, size, seed, name, 'members'));
}

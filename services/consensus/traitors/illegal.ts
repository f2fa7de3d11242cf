/**
 * Strategies that break the form of a message and not only its truth. A loyal general ignores what they send, so
 * to it they are no worse than a silent traitor; they are here to show that, and to try the checks.
 */
import type { GeneralId } from '../protocol.js';
import { random } from '../random.js';
import { opposite, type Place, type Plan, type PlanContext, type Stray } from './plan.js';

/** In place of each value sends one by a path that is not its own: another's, one that turns back, or no path at all. */
export function forgePath({ setting, seed }: PlanContext): Plan {
  return (place) => {
    const other = otherThan(setting.generals, [place.from, place.to], seed, place);
    const paths = [[...place.path, place.from], [...place.path.slice(0, -1), other], []];
    const path = paths[random(seed, 'forge path', place.to, ...place.path) % paths.length] ?? [];
    return { kind: 'nothing', also: { ...strayOf(place), path } };
  };
}

/** In place of each value sends it to a general that is not owed it, or says that another general sent it. */
export function wrongRecipient({ setting, seed }: PlanContext): Plan {
  return (place) => {
    const other = otherThan(setting.generals, [place.from, place.to], seed, place);
    const isForged = random(seed, 'wrong recipient', place.to, ...place.path) % 2 === 0;
    const wrong = isForged
      ? { from: other }
      : { to: place.path[0] === place.from ? place.from : (place.path[0] ?? '') };
    return { kind: 'nothing', also: { ...strayOf(place), ...wrong } };
  };
}

/** In place of each value sends it under the number of another phase. */
export function wrongPhase({ seed }: PlanContext): Plan {
  return (place) => {
    const by = 1 + (random(seed, 'wrong phase', place.to, ...place.path) % 3);
    return { kind: 'nothing', also: { ...strayOf(place), phase: place.phase + by } };
  };
}

/** Tells the truth, then says the opposite in the same slot, as if the first had not been. */
export function replay(): Plan {
  return (place) => ({
    kind: 'loyal',
    also: { ...strayOf(place), vote: opposite(place.loyalVote ?? 'Retreat') },
  });
}

function strayOf({ phase, from, to, path, loyalVote }: Place): Stray {
  return { phase, from, to, path, vote: loyalVote ?? 'Retreat' };
}

/** A general of the round that is none of these, drawn by the seed; the first of these when there is no other. */
function otherThan(
  generals: readonly GeneralId[],
  excluded: readonly GeneralId[],
  seed: number,
  { to, path }: Place,
): GeneralId {
  const others = generals.filter((general) => !excluded.includes(general));
  return others[random(seed, 'other', to, ...path) % Math.max(1, others.length)] ?? excluded[0] ?? '';
}

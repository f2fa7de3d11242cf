/**
 * What OM(m) costs and what it assumes, from n and m alone: nothing is enumerated.
 */
import type { Bound, Cost, Setting } from './protocol.js';

/**
 * Counts are exact up to 2^53 - 1 and `Infinity` above, so that comparing one with a ceiling is always right
 * and no wrong digit is ever shown. O(m).
 */
export function omCost({ generals, traitorsMax }: Setting): Cost {
  const n = generals.length;
  const phaseCount = traitorsMax + 1;
  const relayPhaseCount = Math.max(0, Math.min(traitorsMax, n - 2));
  return {
    phaseCount,
    messageCount: exactOrInfinite(sumOfFallingFactorials(n - 1, { from: 1, to: phaseCount })),
    tupleCount: exactOrInfinite(n - 1 + relayPhaseCount * (n - 1) * (n - 2)),
    receivedPerLieutenant: exactOrInfinite(sumOfFallingFactorials(n - 2, { from: 0, to: traitorsMax })),
  };
}

/** Lamport, Shostak and Pease 1982, theorem 1: OM(m) is correct for more than 3m generals. */
export function omBound({ generals, traitorsMax }: Setting): Bound {
  const needed = 3 * traitorsMax + 1;
  const isWithin = generals.length >= needed;
  return { isWithin, rule: 'n ≥ 3m + 1', numbers: `${generals.length} ${isWithin ? '≥' : '<'} ${needed}` };
}

/** The sum of x(x-1)...(x-k+1) for k in a range. */
function sumOfFallingFactorials(x: number, { from, to }: { from: number; to: number }): number {
  let sum = 0;
  let product = 1;
  for (let k = 0; k <= to && product > 0; k += 1) {
    if (k >= from) sum += product;
    product *= Math.max(0, x - k);
  }
  return sum;
}

/** The terms only grow the sum, so a sum that is still a safe integer was never rounded. */
function exactOrInfinite(count: number): number {
  return Number.isSafeInteger(count) ? count : Number.POSITIVE_INFINITY;
}

/**
 * How bounds and counts are written down.
 */
import type { Bound } from './protocol.js';

/** A bound of the form `n ≥ something`; `also` must hold too and stands in the rule already. */
export function atLeast(
  n: number,
  needed: number,
  { rule, also = true }: { readonly rule: string; readonly also?: boolean },
): Bound {
  const isEnough = n >= needed;
  return { isWithin: isEnough && also, rule, numbers: `${n} ${isEnough ? '≥' : '<'} ${needed}` };
}

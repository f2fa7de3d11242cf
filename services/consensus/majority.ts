/**
 * The one majority of the whole project. Everything that counts votes counts them here, so that all loyal
 * generals break ties alike.
 */

/**
 * The value in more than half of the positions, or `otherwise` when there is none: a tie, no values, or a
 * mere plurality. O(n), two passes (Boyer and Moore, "MJRTY", 1981).
 */
export function majority<Value>(values: readonly Value[], otherwise: Value): Value {
  let candidate = otherwise;
  let lead = 0;
  for (const value of values) {
    if (lead === 0) candidate = value;
    lead += value === candidate ? 1 : -1;
  }
  let count = 0;
  for (const value of values) if (value === candidate) count += 1;
  return 2 * count > values.length ? candidate : otherwise;
}

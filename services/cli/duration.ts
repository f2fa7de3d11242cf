/**
 * Durations as people type them.
 */
import { invalidArgument } from '../runtime/index.js';

/** `500ms`, `5s`, `2m` or `1h` in ms. Errors: invalid_argument, naming the flag. */
export function parseDuration(flag: string, text: string): number {
  const [, digits, unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? [];
  const factor = unitsMs.get(unit);
  if (digits === undefined || factor === undefined) {
    throw invalidArgument(flag, `"${text}" is not a duration such as 500ms, 5s, 2m or 1h`);
  }
  return Math.round(Number(digits) * factor);
}

const unitsMs: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

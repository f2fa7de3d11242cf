/**
 * Settings that no treason can break, for a reason that needs no search.
 */
import type { Setting } from '../protocol.js';

/** Why neither agreement nor validity can be broken, in words; undefined where it may be. */
export function whyUnbreakable({
  setting,
  traitorCount,
}: {
  readonly setting: Setting;
  /** 0 to n. */
  readonly traitorCount: number;
}): string | undefined {
  const { generals, mode, isCouncil } = setting;
  if (traitorCount === 0) return 'nobody betrays';
  const loyalCount = generals.length - traitorCount;
  if (loyalCount === 0) return 'nobody is loyal, so nothing is promised to anybody';
  if (isCouncil) return undefined;
  if (loyalCount === 1) return 'one loyal general agrees with itself';
  if (mode === 'board') return 'on a board everybody reads the one order, whatever it says';
  return undefined;
}

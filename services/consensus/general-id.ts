/**
 * Names of generals: `general-<index>`, index from 0 in decimal without leading zeros.
 */
import { assert } from './assert.js';
import type { GeneralId } from './protocol.js';

/** The id of the general with this index (an integer from 0). */
export function generalId(index: number): GeneralId {
  assert(Number.isSafeInteger(index) && index >= 0, `an index is an integer from 0, got ${index}`);
  return `${prefix}${index}`;
}

/** `general-0` to `general-<count-1>`, in canonical order. */
export function generalIds(count: number): GeneralId[] {
  return Array.from({ length: count }, (_, index) => generalId(index));
}

/** The index that an id carries; undefined when the text is not an id. `general-07` is not one. */
export function generalIndex(text: string): number | undefined {
  const digits = text.startsWith(prefix) ? text.slice(prefix.length) : '';
  if (!/^(0|[1-9][0-9]{0,8})$/.test(digits)) return undefined;
  return Number(digits);
}

/** True when the text is `general-<index>` with at most nine digits. */
export function isGeneralId(text: string): boolean {
  return generalIndex(text) !== undefined;
}

const prefix = 'general-';

/**
 * Keys: what the index knows a value by. Short values are their own key; long texts and bytes are known by
 * their beginning, so that a key never costs more than a few hundred bytes; lists have none. The key of a
 * smaller value is never the greater one.
 */
import type { Bound } from '../../template.js';
import { compareValues } from '../../template.js';
import type { Value } from '../../tuple.js';

export type Key = bigint | number | string | boolean | null;

/**
 * Longest beginning, in UTF-16 units or bytes. A surrogate pair that is cut in two still sorts as it should.
 */
const keyLengthMax = 128;

/** Begins the keys of bytes: a low surrogate, which no well-formed text begins with. */
const bytesMark = '\udc00';

/** The key of a value; undefined for a list. */
export function keyOf(value: Value): Key | undefined {
  if (typeof value === 'string') return value.slice(0, keyLengthMax);
  if (value instanceof Uint8Array) {
    const start = Buffer.from(value.buffer, value.byteOffset, Math.min(value.length, keyLengthMax));
    return bytesMark + start.toString('latin1');
  }
  return typeof value === 'object' && value !== null ? undefined : (value as Key);
}

/** A small number for several keys: equal lists of keys have the same, and others seldom do. */
export function hashKeys(keys: readonly Key[]): number {
  let hash = 0;
  for (const key of keys) {
    if (typeof key === 'string') {
      for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) | 0;
    } else {
      hash = (Math.imul(hash, 31) + Number(key)) | 0;
    }
  }
  return hash;
}

/** True when no other value has the same key. */
export function isWhole(value: Value): boolean {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length < keyLengthMax;
  return keyOf(value) !== undefined;
}

/** The types whose keys have an order. */
export type KeyOrder = 'int64' | 'double' | 'string' | 'bytes';

/** The order that a key belongs to; undefined for bool and null. */
export function orderOf(key: Key): KeyOrder | undefined {
  if (typeof key === 'string') return key.startsWith(bytesMark) ? 'bytes' : 'string';
  if (typeof key === 'bigint') return 'int64';
  return typeof key === 'number' ? 'double' : undefined;
}

/** Order of two keys of one order: that of their values. */
export function compareKeys(left: Key, right: Key): number {
  return compareValues(left as Bound['value'], right as Bound['value']);
}

/**
 * Keys of any type in one map.
 */
import { KeyMap } from './key-map.js';

const most = BigInt(Number.MAX_SAFE_INTEGER);

describe('a map by key', () => {
  it('keeps apart an int64, a double and a text that look the same', () => {
    const map = new KeyMap<string>();
    map.set(5n, 'int64');
    map.set(5, 'double');
    map.set('5', 'text');
    expect([map.get(5n), map.get(5), map.get('5')]).toEqual(['int64', 'double', 'text']);
    map.delete(5n);
    expect([map.get(5n), map.get(5), map.get('5')]).toEqual([undefined, 'double', 'text']);
  });

  it('keeps apart all int64 at both sides of what a number can hold', () => {
    const keys = [most, -most].flatMap((end) => [-2n, -1n, 0n, 1n, 2n].map((step) => end + step));
    const map = new KeyMap<bigint>();
    for (const key of keys) map.set(key, key);
    expect(keys.map((key) => map.get(key))).toEqual(keys);
    expect([...map.keys()]).toHaveLength(keys.length);
    for (const key of keys) {
      map.delete(key);
      expect(map.get(key)).toBeUndefined();
    }
    expect([...map.keys()]).toEqual([]);
  });

  it('gives its keys as they were set', () => {
    const map = new KeyMap<number>();
    const keys = [7n, -3n, 2n ** 62n, 1.5, 'vote', true, null];
    for (const [i, key] of keys.entries()) map.set(key, i);
    expect(new Set(map.keys())).toEqual(new Set(keys));
  });
});

import * as fc from 'fast-check';
import { compareValues } from '../../template.js';
import { compareKeys, isWhole, keyOf, orderOf } from './key.js';
import { SortedKeys } from './sorted-keys.js';

/** Texts with a long common beginning and ends near each other, of every width in UTF-8 and UTF-16. */
const text = fc
  .tuple(
    fc.constantFrom(0, 1, 126, 127, 128, 129),
    fc.array(fc.constantFrom('a', 'é', '\uffff', '😀'), { maxLength: 3 }),
  )
  .map(([length, end]) => 'x'.repeat(length) + end.join(''));

const bytes = fc
  .tuple(fc.constantFrom(0, 127, 128), fc.array(fc.nat(255), { maxLength: 3 }))
  .map(([length, end]) => new Uint8Array([...new Uint8Array(length).fill(7), ...end]));

describe('a key', () => {
  it('never puts two values in the wrong order', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(text, text), fc.tuple(bytes, bytes)), ([left, right]) => {
        const order = Math.sign(compareValues(left, right));
        const keyOrder = Math.sign(compareKeys(keyOf(left) ?? null, keyOf(right) ?? null));
        expect([0, order]).toContain(keyOrder);
        if (isWhole(left) && order !== 0) expect(keyOrder).toBe(order);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of a text is never that of bytes, and tells which it is', () => {
    const texts = ['', 'a', '\u{10000}', '\u{10ffff}', '\u0000'];
    const lists = [new Uint8Array(), new Uint8Array([97]), new Uint8Array([0])];
    const keys = [...texts, ...lists].map((value) => keyOf(value) ?? null);
    expect(new Set(keys).size).toBe(keys.length);
    expect(texts.map((value) => orderOf(keyOf(value) ?? null))).toEqual(texts.map(() => 'string'));
    expect(lists.map((value) => orderOf(keyOf(value) ?? null))).toEqual(lists.map(() => 'bytes'));
  });
});

describe('sorted keys', () => {
  it('stay sorted while keys come and go', () => {
    const key = fc.integer({ min: 0, max: 3_000 }).map(BigInt);
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 2_000 }),
        fc.array(key, { maxLength: 2_000 }),
        key,
        (first, moves, low) => {
          const keys = new Set(first);
          const sorted = new SortedKeys([...first]);
          for (const move of moves) {
            if (keys.delete(move)) sorted.remove(move);
            else sorted.add(move);
            if (!keys.has(move) && [...sorted.from(move)][0] === move) keys.add(move);
          }
          const all = [...keys].sort((left, right) => Number(left - right));
          expect([...sorted.from(undefined)]).toEqual(all);
          expect([...sorted.from(low)]).toEqual(all.filter((each) => each >= low));
        },
      ),
      { numRuns: 30 },
    );
  });
});

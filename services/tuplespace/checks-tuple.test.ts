import { checkTuple, copyValues } from './checks-tuple.js';
import { defaultLimits } from './limits.js';
import type { Tuple } from './tuple.js';

function sizeOf(...tuple: Tuple): number {
  return checkTuple(tuple, 'tuple', defaultLimits).bytes;
}

/** The message of the refusal of a tuple; empty when it is fine. */
function problemOf(tuple: unknown): string {
  try {
    checkTuple(tuple, 'tuple', defaultLimits);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a checked tuple', () => {
  it('has a size that counts types, lengths and UTF-8', () => {
    expect(sizeOf(1n)).toBe(5 + 9);
    expect(sizeOf(1.5, true, null)).toBe(5 + 9 + 2 + 1);
    expect(sizeOf('aé€😀')).toBe(5 + 5 + 10);
    expect(sizeOf('😀'.repeat(100))).toBe(5 + 5 + 400);
    expect(sizeOf(new Uint8Array(7))).toBe(5 + 5 + 7);
    expect(sizeOf([[], [1n]])).toBe(5 + 5 + 5 + (5 + 9));
  });

  it('is a frozen copy, down to its lists', () => {
    const inner = ['a'];
    const { values } = checkTuple([inner, 'b'], 'tuple', defaultLimits);
    inner.push('c');
    expect(values).toEqual([['a'], 'b']);
    expect(Object.isFrozen(values) && Object.isFrozen(values[0])).toBe(true);
  });

  it('is copied with its bytes where a client gets it', () => {
    const bytes = new Uint8Array([1]);
    const copy = copyValues(['a', [bytes]]);
    bytes[0] = 2;
    expect(copy).toEqual(['a', [new Uint8Array([1])]]);
  });

  it.each([
    ['undefined', [undefined], 'tuple[0]'],
    ['a hole', Array.from({ length: 1 }).concat(new Array(1)), 'tuple[0]'],
    ['an object', ['a', {}], 'tuple[1]'],
    ['a function', [() => 1], 'tuple[0]'],
    ['a lone surrogate', ['\ud800'], 'tuple[0]'],
    ['a lone surrogate at the end of a long text', [`${'x'.repeat(100)}\udc00`], 'tuple[0]'],
    ['a lone surrogate in a list', [['a', '\udc00a']], 'tuple[0][1]'],
    ['an int64 too large', [2n ** 63n], 'tuple[0]'],
    ['an int64 too small', [-(2n ** 63n) - 1n], 'tuple[0]'],
    ['a list without an end in sight', [new Array(2 ** 31)], 'tuple[0]'],
    ['not a list', 'tuple', 'tuple'],
  ])('is not made of %s', (_, tuple, field) => {
    expect(problemOf(tuple)).toMatch(new RegExp(`^${field.replace(/[[\]]/g, '\\$&')}: `));
  });

  it('is not made of a list that holds itself', () => {
    const ring: unknown[] = [];
    ring.push(ring);
    expect(problemOf(ring)).toContain('depthMax');
  });
});

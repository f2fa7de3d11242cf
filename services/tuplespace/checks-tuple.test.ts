import { type CheckedTuple, checkEach, copyValues } from './checks-tuple.js';
import { defaultLimits } from './limits.js';
import type { Tuple } from './tuple.js';

/** Checks a tuple after another one. */
function checkTuple(tuple: unknown): CheckedTuple {
  const [, checked] = checkEach([['first', new Uint8Array(1)], tuple], 'tuples', defaultLimits);
  return checked as CheckedTuple;
}

function sizeOf(...tuple: Tuple): number {
  return checkTuple(tuple).bytes;
}

/** The message of the refusal of a tuple; empty when it is fine. */
function problemOf(tuple: unknown): string {
  try {
    checkTuple(tuple);
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
    const { values } = checkTuple([inner, 'b']);
    inner.push('c');
    expect(values).toEqual([['a'], 'b']);
    expect(Object.isFrozen(values) && Object.isFrozen(values[0])).toBe(true);
  });

  it('has bytes when one of its own values is bytes', () => {
    expect(checkTuple(['a', [1n]]).hasBytes).toBe(false);
    expect(checkTuple(['a', [new Uint8Array(1)]]).hasBytes).toBe(true);
  });

  it('is copied with its bytes where a client gets it', () => {
    const bytes = new Uint8Array([1]);
    const copy = copyValues(['a', [bytes]]);
    bytes[0] = 2;
    expect(copy).toEqual(['a', [new Uint8Array([1])]]);
  });

  it.each([
    ['undefined', [undefined], 'tuples[1][0]'],
    ['a hole', Array.from({ length: 1 }).concat(new Array(1)), 'tuples[1][0]'],
    ['an object', ['a', {}], 'tuples[1][1]'],
    ['a function', [() => 1], 'tuples[1][0]'],
    ['a lone surrogate', ['\ud800'], 'tuples[1][0]'],
    ['a lone surrogate at the end of a long text', [`${'x'.repeat(100)}\udc00`], 'tuples[1][0]'],
    ['a lone surrogate in a list', [['a', '\udc00a']], 'tuples[1][0][1]'],
    ['an int64 too large', [2n ** 63n], 'tuples[1][0]'],
    ['an int64 too small', [-(2n ** 63n) - 1n], 'tuples[1][0]'],
    ['a list without an end in sight', [new Array(2 ** 31)], 'tuples[1][0]'],
    ['not a list', 'tuple', 'tuples[1]'],
  ])('is not made of %s', (_, tuple, field) => {
    expect(problemOf(tuple)).toMatch(new RegExp(`^${field.replace(/[[\]]/g, '\\$&')}: `));
  });

  it('is not made of a list that holds itself', () => {
    const ring: unknown[] = [];
    ring.push(ring);
    expect(problemOf(ring)).toContain('depthMax');
  });
});

/**
 * Chance as a pure function: the same seed and parts give the same number, whoever asks, when, and in which
 * order. MurmurHash3_x86_32 (Austin Appleby, public domain, github.com/aappleby/smhasher) over 32-bit words;
 * fine mixing for experiments, worthless against somebody who wants to predict it.
 */
import { assert } from './assert.js';

/** One thing that a number depends on; numbers are integers from 0 to 2^32-1. */
type Part = string | number;

/** A number that depends on every part and on their order; 0 to 2^32-1. O(characters). */
export function random(seed: number, ...parts: readonly Part[]): number {
  assert(isSeed(seed), 'a seed is an integer from 0 to 2^32-1');
  let hash = seed;
  let wordCount = 0;
  for (const part of parts) {
    // Kind and length come first, so that no two lists of parts are the same words.
    if (typeof part === 'number') {
      hash = absorb(absorb(hash, 0), part);
      wordCount += 2;
    } else {
      hash = absorb(absorb(hash, 1), part.length);
      for (let index = 0; index < part.length; index += 1) hash = absorb(hash, part.charCodeAt(index));
      wordCount += 2 + part.length;
    }
  }
  return finish(hash, wordCount);
}

/** True for the integers from 0 to 2^32-1. */
export function isSeed(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
}

/**
 * `count` of the items, each set of that size as likely as any other, in the order of the list. All of them
 * when `count` is more than there are. O(n log n).
 */
export function choose<Item>(
  items: readonly Item[],
  count: number,
  seed: number,
  ...parts: readonly Part[]
): Item[] {
  const drawn = items.map((item, index) => ({ item, index, lot: random(seed, ...parts, index) }));
  drawn.sort((left, right) => left.lot - right.lot || left.index - right.index);
  const chosen = drawn.slice(0, Math.max(0, count));
  return chosen.sort((left, right) => left.index - right.index).map(({ item }) => item);
}

/** MurmurHash3_x86_32 of words, each taken as four bytes, the lowest first. */
export function hashWords(seed: number, words: readonly number[]): number {
  return finish(
    words.reduce((hash, word) => absorb(hash, word), seed),
    words.length,
  );
}

/**
 * Bound once: looking up a global costs more than the multiplication where code runs in a sandbox, as in
 * tests.
 */
const { imul } = Math;

function absorb(hash: number, word: number): number {
  const mixed = hash ^ imul(rotateLeft(imul(word, 0xcc9e2d51), 15), 0x1b873593);
  return (imul(rotateLeft(mixed, 13), 5) + 0xe6546b64) | 0;
}

function finish(absorbed: number, wordCount: number): number {
  let hash = absorbed ^ (4 * wordCount);
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

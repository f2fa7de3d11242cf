/**
 * The distinct keys of one order, sorted, for ranges and prefixes. A list of short sorted runs: finding a key
 * costs O(log n), adding and removing one O(log n) and a move inside its run.
 */
import { compareKeys, type Key } from './key.js';

/** A run splits in two when it gets longer than this. */
const runLengthMax = 512;

export class SortedKeys {
  /** None is empty. */
  readonly #runs: Key[][] = [];

  constructor(keys: Key[]) {
    keys.sort(compareKeys);
    for (let i = 0; i < keys.length; i += runLengthMax) this.#runs.push(keys.slice(i, i + runLengthMax));
  }

  /** Adds a key that is not in it. */
  add(key: Key): void {
    const run = this.#runs[Math.min(this.#runOf(key), this.#runs.length - 1)];
    if (run === undefined) {
      this.#runs.push([key]);
      return;
    }
    run.splice(placeIn(run, key), 0, key);
    if (run.length > runLengthMax)
      this.#runs.splice(this.#runs.indexOf(run) + 1, 0, run.splice(runLengthMax / 2));
  }

  /** Removes a key that is in it. */
  remove(key: Key): void {
    const place = this.#runOf(key);
    const run = this.#runs[place];
    if (run === undefined) return;
    run.splice(placeIn(run, key), 1);
    if (run.length === 0) this.#runs.splice(place, 1);
  }

  /** The keys from `low` on, or from the first, in order. */
  *from(low: Key | undefined): Generator<Key> {
    const place = low === undefined ? 0 : this.#runOf(low);
    for (let i = place; i < this.#runs.length; i++) {
      const run = this.#runs[i] ?? [];
      const start = i === place && low !== undefined ? placeIn(run, low) : 0;
      for (let j = start; j < run.length; j++) yield run[j] as Key;
    }
  }

  /** The first run whose last key is not below `key`. */
  #runOf(key: Key): number {
    return firstNot(this.#runs.length, (i) => {
      const run = this.#runs[i] ?? [];
      return compareKeys(run[run.length - 1] as Key, key) < 0;
    });
  }
}

/** The place of the first key in a run that is not below `key`. */
function placeIn(run: readonly Key[], key: Key): number {
  return firstNot(run.length, (i) => compareKeys(run[i] as Key, key) < 0);
}

/** The first number below `count` for which `isBelow` is false; true comes before false. */
function firstNot(count: number, isBelow: (i: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBelow(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A refinement divides one posting further, by the values of other fields together. Values that are each
 * common may be rare together, and a walk over the smallest of their postings then examines much in vain.
 * Nobody knows beforehand which combinations will be asked for; so a posting is divided once walks over it
 * have examined as much in vain as dividing it costs.
 */
import type { Tuple } from '../../tuple.js';
import type { Entry } from './entry.js';
import { FieldIndex } from './field-index.js';
import { hashKeys, type Key, keyOf } from './key.js';
import type { Follower, Posting } from './posting.js';

/** Ways in which one posting may be divided; each costs every entry of it one more place. */
const divisionsMax = 2;

/** Fields whose values are put together, at most. */
export const togetherMax = 4;

/** The entries of a posting by a hash of the values of some fields. */
export interface Division {
  readonly fields: readonly number[];
  readonly parts: FieldIndex;
}

export class Refinement implements Follower {
  readonly #index: object;
  readonly #divisions: Division[] = [];
  /**
   * Entries that came since the last look and stand in no division yet: a write costs nothing that nobody
   * asks for.
   */
  #late: Entry[] = [];

  /** @param index the index that the posting's entries are at home in */
  constructor(index: object) {
    this.#index = index;
  }

  get isFull(): boolean {
    return this.#divisions.length >= divisionsMax;
  }

  divisions(): readonly Division[] {
    this.#catchUp();
    return this.#divisions;
  }

  /** True when the posting is divided by these fields already. */
  isBy(fields: readonly number[]): boolean {
    return this.#divisions.some((division) => division.fields.join() === fields.join());
  }

  /** Divides the posting by these fields together. The next look costs O(size of the posting). */
  divide(posting: Posting, fields: readonly number[]): void {
    this.#catchUp();
    const parts = new FieldIndex(
      this.#index,
      (values) => keyTogether(values, fields),
      () => posting.after(0),
    );
    this.#divisions.push({ fields, parts });
  }

  add(entry: Entry): void {
    this.#late.push(entry);
  }

  drop(entry: Entry): void {
    this.#catchUp();
    for (const { parts } of this.#divisions) parts.drop(entry);
  }

  #catchUp(): void {
    if (this.#late.length === 0) return;
    for (const entry of this.#late) for (const { parts } of this.#divisions) parts.add(entry);
    this.#late = [];
  }
}

/** Undefined when one of the fields has no key: no exact value leads to such a tuple. */
function keyTogether(values: Tuple, fields: readonly number[]): number | undefined {
  const keys: Key[] = [];
  for (const field of fields) {
    const key = keyOf(values[field] ?? null);
    if (key === undefined) return undefined;
    keys.push(key);
  }
  return hashKeys(keys);
}

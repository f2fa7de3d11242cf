/**
 * A posting: the entries of an index that share something, oldest first. An array to which new entries are
 * appended, with the gone ones left in it until they are worth sweeping: all operations are O(1) amortised,
 * draining from the head included. (A JavaScript Map as a queue is not: its head iteration walks over all
 * deleted slots.)
 */
import type { Entry } from './entry.js';

/** Gone entries that a posting may keep without a reason to sweep. */
const slackCount = 32;

/** What is kept beside a posting, and so must hear of its entries. */
export interface Follower {
  add(entry: Entry): void;
  drop(entry: Entry): void;
}

export class Posting<Beside extends Follower = Follower> {
  /** Divides the posting further, once that is worth it. */
  refinement: Beside | undefined = undefined;
  /** How many of its entries calls have examined in vain; whoever looks at it may set it back. */
  missCount = 0;
  readonly #index: object;
  /**
   * In order of age. From `#head` on; what stands before it is empty. An entry is live while the index is its
   * home.
   */
  #entries: (Entry | undefined)[];
  #head = 0;
  #liveCount = 1;
  /** Gone entries that walks have passed since the last sweep. */
  #passedCount = 0;

  constructor(index: object, first: Entry) {
    this.#index = index;
    this.#entries = [first];
  }

  /** How many entries it has. */
  get size(): number {
    return this.#liveCount;
  }

  /** Adds an entry that has made the index its home. */
  add(entry: Entry): void {
    this.#liveCount += 1;
    const newest = this.#entries[this.#entries.length - 1];
    if (newest === undefined || newest.order < entry.order) this.#entries.push(entry);
    else this.#putBack(entry);
    this.refinement?.add(entry);
  }

  /** Drops an entry that has left the index. */
  drop(entry: Entry): void {
    this.#liveCount -= 1;
    this.refinement?.drop(entry);
    while (this.#head < this.#entries.length && !this.#isLive(this.#entries[this.#head])) {
      this.#entries[this.#head] = undefined;
      this.#head += 1;
    }
    const goneCount = this.#entries.length - this.#liveCount;
    if (goneCount > this.#liveCount + slackCount) this.#sweep();
  }

  /** The entries younger than `order`, oldest first. The index must not change while a walk is on. */
  *after(order: number): Generator<Entry> {
    if (this.#passedCount > this.#entries.length) this.#sweep();
    const entries = this.#entries;
    for (let i = this.#firstAfter(order); i < entries.length; i++) {
      const entry = entries[i];
      if (entry !== undefined && entry.home === this.#index) yield entry;
      else this.#passedCount += 1;
    }
  }

  /**
   * Puts back an entry that had left, where its age belongs: a tuple that a hold gave back keeps its place.
   * Its old mark may still be there; else the shorter side moves up by one, which is short for what was taken
   * from the head.
   */
  #putBack(entry: Entry): void {
    const place = this.#firstAfter(entry.order - 1);
    if (this.#entries[place] === entry) return;
    if (this.#head > 0 && place - this.#head < this.#entries.length - place) {
      this.#entries.copyWithin(this.#head - 1, this.#head, place);
      this.#head -= 1;
      this.#entries[place - 1] = entry;
    } else {
      this.#entries.splice(place, 0, entry);
    }
  }

  /** Where the first entry younger than `order` stands, live or gone. */
  #firstAfter(order: number): number {
    let low = this.#head;
    let high = this.#entries.length;
    const oldest = this.#entries[low];
    if (oldest !== undefined && oldest.order > order) return low;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle];
      if (entry !== undefined && entry.order <= order) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isLive(entry: Entry | undefined): boolean {
    return entry?.home === this.#index;
  }

  /** Makes a new array, so that a walk over the old one goes on undisturbed. */
  #sweep(): void {
    this.#entries = this.#entries.filter((entry) => this.#isLive(entry));
    this.#head = 0;
    this.#passedCount = 0;
  }
}

/**
 * The bag: all tuples that stand in a space. The free and the held ones have an index each, so that a take
 * never walks over tuples that it cannot have. Counts, bytes and unique slots are kept beside them.
 */
import type { UniqueRule } from '../../space.js';
import { bytesOf, type Entry } from './entry.js';
import type { Hold } from './holds.js';
import { merge } from './merge.js';
import type { Usage } from './quotas.js';
import { Slots } from './slots.js';
import { TupleIndex } from './tuple-index.js';

type MutableUsage = { -readonly [Name in keyof Usage]: Usage[Name] };

const nothing: Usage = { tupleCount: 0, bytes: 0 };

export class Bag {
  readonly free = new TupleIndex();
  readonly held = new TupleIndex();
  readonly slots: Slots;
  readonly #usage = new Map<string, MutableUsage>();
  #bytes = 0;
  #freedCount = 0;
  #freed: Entry[] = [];

  constructor(rules: readonly UniqueRule[]) {
    this.slots = new Slots(rules);
  }

  get size(): number {
    return this.free.size + this.held.size;
  }

  /** Canonical bytes of all tuples, held ones included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What stands of a writer. */
  usageOf(writer: string): Usage {
    return this.#usage.get(writer) ?? nothing;
  }

  /** How often a tuple has become free, by a write or the end of a hold, since the bag was new. */
  get freedCount(): number {
    return this.#freedCount;
  }

  /** Puts in the entries of one write. */
  add(entries: readonly Entry[]): void {
    const [first] = entries;
    if (first === undefined) return;
    for (const entry of entries) {
      this.free.add(entry);
      this.slots.fill(entry);
      this.#free(entry);
    }
    this.#count(first.stamp.writer, { tupleCount: entries.length, bytes: bytesOf(entries) });
  }

  remove(entry: Entry): void {
    entry.home?.remove(entry);
    this.slots.empty(entry);
    this.#count(entry.stamp.writer, { tupleCount: -1, bytes: -entry.bytes });
  }

  setAside(entry: Entry, hold: Hold): void {
    this.free.remove(entry);
    this.held.add(entry);
    entry.hold = hold;
  }

  /** Makes a held tuple free again, in its old place, with its delivery count raised. */
  giveBack(entry: Entry): void {
    this.held.remove(entry);
    entry.hold = undefined;
    entry.deliveryCount += 1;
    this.free.add(entry);
    this.#free(entry);
  }

  /** All entries, oldest first. The bag must not change meanwhile. */
  all(): Iterable<Entry> {
    return merge([...this.free.lists(), ...this.held.lists()], ({ order }) => order);
  }

  /** Puts in what stood in another bag; entries come oldest first. */
  restore(entry: Entry, hold: Hold | undefined): void {
    const index = hold === undefined ? this.free : this.held;
    index.add(entry);
    entry.hold = hold;
    this.slots.fill(entry);
    this.#count(entry.stamp.writer, { tupleCount: 1, bytes: entry.bytes });
  }

  /** Goes on counting where another bag stopped. */
  continueAfter(freedCount: number): void {
    this.#freedCount = freedCount;
  }

  /** The entries that became free since the last call; some may be gone again. */
  drainFreed(): readonly Entry[] {
    const freed = this.#freed;
    if (freed.length > 0) this.#freed = [];
    return freed;
  }

  #count(writer: string, { tupleCount, bytes }: Usage): void {
    this.#bytes += bytes;
    const usage = this.#usage.get(writer);
    if (usage === undefined) {
      this.#usage.set(writer, { tupleCount, bytes });
      return;
    }
    usage.tupleCount += tupleCount;
    usage.bytes += bytes;
    if (usage.tupleCount === 0) this.#usage.delete(writer);
  }

  #free(entry: Entry): void {
    this.#freedCount += 1;
    this.#freed.push(entry);
  }
}

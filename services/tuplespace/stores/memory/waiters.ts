/**
 * Waiters: the blocked calls of a space. Each is found by an exact value of its templates, so that a new
 * tuple looks only at those that may want it, in the order of their arrival.
 */
import type { Template } from '../../template.js';
import { matches } from '../../template.js';
import type { Entry } from './entry.js';
import { type Key, keyOf } from './key.js';
import { merge } from './merge.js';

/** A blocked call. */
export interface Waiter {
  /** Order of arrival, given when it is added. */
  arrival: number;
  readonly templates: readonly Template[];
  readonly afterId: number;
  /**
   * At least so many more matches must come before it can be served. A guess that may be too low, never too
   * high.
   */
  missingCount: number;
  /** How many entries it claims while its attempt is under way: those it may get, so that no other waiter tries for them. */
  readonly claimMax: number;
  claim(entry: Entry): void;
  /** Searches anew. It then is over, and has been removed; or it has set `missingCount`, to Infinity while the attempt is under way. */
  attempt(): void;
}

/** Waiters that share a key, in order of arrival. */
type Group = Set<Waiter>;

interface LengthGroups {
  /** Those without an exact value. */
  readonly loose: Group;
  readonly byField: readonly Map<Key, Group>[];
}

export class Waiters {
  readonly #lengths = new Map<number, LengthGroups>();
  readonly #groups = new Map<Waiter, readonly (() => void)[]>();
  #arrival = 0;

  get size(): number {
    return this.#groups.size;
  }

  add(waiter: Waiter): void {
    this.#arrival += 1;
    waiter.arrival = this.#arrival;
    this.#groups.set(
      waiter,
      waiter.templates.map((template) => this.#join(waiter, template)),
    );
  }

  /** Removes a waiter; harmless when it is gone. */
  remove(waiter: Waiter): void {
    for (const leave of this.#groups.get(waiter) ?? []) leave();
    this.#groups.delete(waiter);
  }

  /**
   * Lets the waiters that may want these entries, which have just become free or are about to, try again in the
   * order of arrival.
   */
  offer(entries: readonly Entry[], { areForeseen = false } = {}): void {
    if (this.#groups.size === 0 || entries.length === 0) return;
    const arrivals = merge(
      [...this.#wantedBy(entries)].map(([group, wanted]) => pair(group, wanted)),
      ({ waiter }) => waiter.arrival,
    );
    for (const { waiter, wanted } of arrivals) {
      if (!this.#groups.has(waiter)) continue;
      // Its attempt is still to come, and will find them.
      if (waiter.missingCount === Number.POSITIVE_INFINITY) wanted.claimFor(waiter);
      const missingCount = waiter.missingCount - wanted.countFor(waiter);
      // What is only on its way is counted again when it has come.
      if (!areForeseen || missingCount <= 0) waiter.missingCount = missingCount;
      if (missingCount > 0) continue;
      waiter.attempt();
      if (waiter.missingCount === Number.POSITIVE_INFINITY) wanted.claimFor(waiter);
    }
  }

  /**
   * Puts a waiter into the group of one of its template's exact values: that which fewest waiters share, so
   * that a tuple finds few who do not want it. Returns how it leaves.
   */
  #join(waiter: Waiter, template: Template): () => void {
    const groups = this.#lengthGroups(template.length);
    let best: { byKey: Map<Key, Group>; key: Key; size: number } | undefined;
    for (const [i, matcher] of template.entries()) {
      const byKey = groups.byField[i];
      const key = matcher.kind === 'exact' ? keyOf(matcher.value) : undefined;
      if (byKey === undefined || key === undefined) continue;
      const size = byKey.get(key)?.size ?? 0;
      // The first field usually names the kind: where all are equal, a later one says more.
      if (best === undefined || size <= best.size) best = { byKey, key, size };
    }
    return best === undefined ? joinGroup(waiter, groups.loose) : joinKey(waiter, best);
  }

  /** The groups that may want some of these entries, and which. */
  #wantedBy(entries: readonly Entry[]): Map<Group, Wanted> {
    const wanted = new Map<Group, Wanted>();
    const add = (group: Group | undefined, entry: Entry) => {
      if (group === undefined || group.size === 0) return;
      const list = wanted.get(group);
      if (list === undefined) wanted.set(group, new Wanted(entry));
      else list.add(entry);
    };
    for (const entry of entries) {
      const { values } = entry;
      const groups = this.#lengths.get(values.length);
      if (groups === undefined) continue;
      add(groups.loose, entry);
      for (const [i, byKey] of groups.byField.entries()) {
        const key = byKey.size === 0 ? undefined : keyOf(values[i] ?? null);
        if (key !== undefined) add(byKey.get(key), entry);
      }
    }
    return wanted;
  }

  #lengthGroups(length: number): LengthGroups {
    let groups = this.#lengths.get(length);
    if (groups === undefined) {
      groups = { loose: new Set(), byField: Array.from({ length }, () => new Map()) };
      this.#lengths.set(length, groups);
    }
    return groups;
  }
}

function joinGroup(waiter: Waiter, group: Group): () => void {
  group.add(waiter);
  return () => group.delete(waiter);
}

function joinKey(waiter: Waiter, { byKey, key }: { byKey: Map<Key, Group>; key: Key }): () => void {
  const group: Group = byKey.get(key) ?? new Set();
  byKey.set(key, group.add(waiter));
  return () => {
    group.delete(waiter);
    if (group.size === 0 && byKey.get(key) === group) byKey.delete(key);
  };
}

/** Entries that a group of waiters may want; waiters that are served take some away. */
class Wanted {
  readonly #entries: Entry[];
  /** What stands before it is gone. */
  #start = 0;

  constructor(first: Entry) {
    this.#entries = [first];
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
  }

  /** True while one of them is still free. */
  get isLeft(): boolean {
    while (this.#start < this.#entries.length && !isFree(this.#entries[this.#start])) this.#start += 1;
    return this.#start < this.#entries.length;
  }

  /** Keeps what a waiter may get from the others. */
  claimFor(waiter: Waiter): void {
    let count = 0;
    for (let i = this.#start; i < this.#entries.length && count < waiter.claimMax; i++) {
      const entry = this.#entries[i];
      if (entry === undefined || !isFree(entry) || !isWanted(entry, waiter)) continue;
      waiter.claim(entry);
      count += 1;
    }
  }

  /** How many of them a waiter wants, counted up to what it misses. */
  countFor(waiter: Waiter): number {
    let count = 0;
    for (let i = this.#start; i < this.#entries.length && count < waiter.missingCount; i++) {
      const entry = this.#entries[i];
      if (entry !== undefined && isFree(entry) && isWanted(entry, waiter)) count += 1;
    }
    return count;
  }
}

function isFree(entry: Entry | undefined): boolean {
  return entry?.home !== undefined && entry.hold === undefined && entry.claim === undefined;
}

function isWanted(entry: Entry, { templates, afterId }: Waiter): boolean {
  return entry.order > afterId && templates.some((template) => matches(template, entry.values));
}

/** The waiters of a group, with what is left for them; ends when nothing is. */
function* pair(group: Group, wanted: Wanted): Generator<{ waiter: Waiter; wanted: Wanted }> {
  for (const waiter of group) {
    if (!wanted.isLeft) return;
    yield { waiter, wanted };
  }
}

/**
 * The index of one field of the tuples of one length: a posting for each key, and, once a range or a prefix
 * asks for them, the keys of its order sorted. Lists have no key: a field that holds one is found through the
 * others.
 *
 * It begins when a template first asks for it, with what stands then: a field that nobody asks for costs neither
 * time nor memory. Where much stands it begins unasked (tuple-index.ts), so that no first look takes long.
 */
import type { Matcher } from '../../template.js';
import type { Tuple } from '../../tuple.js';
import type { Entry } from './entry.js';
import { compareKeys, type Key, type KeyOrder, keyOf, orderOf } from './key.js';
import { KeyMap } from './key-map.js';
import { type Follower, Posting } from './posting.js';
import { SortedKeys } from './sorted-keys.js';

/** A matcher that sorted keys can answer. */
export type SpanMatcher = Extract<Matcher, { kind: 'range' | 'prefix' }>;

/** @typeParam Beside what may be kept beside its postings */
export class FieldIndex<Beside extends Follower = Follower> {
  readonly #index: object;
  readonly #keyOf: (values: Tuple) => Key | undefined;
  readonly #standing: () => Iterable<Entry>;
  /** Undefined until it begins. What one entry alone has is that entry: of many fields nearly every value is. */
  #postings: KeyMap<Posting<Beside> | Entry> | undefined;
  readonly #sorted = new Map<KeyOrder, SortedKeys>();

  /**
   * @param index the index that its entries are at home in
   * @param keyOf what a tuple is known by here; undefined leaves it out
   * @param standing the entries that it begins with, oldest first
   */
  constructor(index: object, keyOf: (values: Tuple) => Key | undefined, standing: () => Iterable<Entry>) {
    this.#index = index;
    this.#keyOf = keyOf;
    this.#standing = standing;
  }

  /** Whether it has begun. */
  get isBegun(): boolean {
    return this.#postings !== undefined;
  }

  /** Begins it where nobody has asked yet. O(entries that stand). */
  begin(): void {
    this.#begun();
  }

  add(entry: Entry): void {
    if (this.#postings !== undefined) this.#add(this.#postings, entry);
  }

  /** Drops an entry that has left the index. */
  drop(entry: Entry): void {
    if (this.#postings === undefined) return;
    const key = this.#keyOf(entry.values);
    const shared = key === undefined ? undefined : this.#postings.get(key);
    if (key === undefined || shared === undefined) return;
    if (shared instanceof Posting) {
      shared.drop(entry);
      if (shared.size > 0) return;
    }
    this.#postings.delete(key);
    this.#sortedOf(key)?.remove(key);
  }

  /** How many entries have a key. */
  count(key: Key): number {
    const shared = this.#begun().get(key);
    if (shared === undefined) return 0;
    return shared instanceof Posting ? shared.size : 1;
  }

  /** The entries that have a key. */
  posting(key: Key): Posting<Beside> | undefined {
    const shared = this.#begun().get(key);
    if (shared === undefined || shared instanceof Posting) return shared;
    return new Posting<Beside>(this.#index, shared);
  }

  /**
   * The postings whose keys a range or prefix reaches; they have every match, and at the ends perhaps others.
   * Undefined when they have more than `countMax` entries together.
   */
  span(matcher: SpanMatcher, countMax: number): Posting[] | undefined {
    const span = spanOf(matcher);
    const postings: Posting[] = [];
    let count = 0;
    for (const key of this.#sortedBy(span.order).from(span.low)) {
      if (span.isPast(key)) break;
      const posting = this.posting(key);
      if (posting === undefined) continue;
      count += posting.size;
      if (count > countMax) return undefined;
      postings.push(posting);
    }
    return postings;
  }

  #begun(): KeyMap<Posting<Beside> | Entry> {
    if (this.#postings === undefined) {
      this.#postings = new KeyMap();
      for (const entry of this.#standing()) this.#add(this.#postings, entry);
    }
    return this.#postings;
  }

  #add(postings: KeyMap<Posting<Beside> | Entry>, entry: Entry): void {
    const key = this.#keyOf(entry.values);
    if (key === undefined) return;
    const shared = postings.get(key);
    if (shared instanceof Posting) {
      shared.add(entry);
    } else if (shared === undefined) {
      postings.set(key, entry);
      this.#sortedOf(key)?.add(key);
    } else {
      const posting = new Posting<Beside>(this.#index, shared);
      posting.add(entry);
      postings.set(key, posting);
    }
  }

  #sortedOf(key: Key): SortedKeys | undefined {
    const order = orderOf(key);
    return order && this.#sorted.get(order);
  }

  #sortedBy(order: KeyOrder): SortedKeys {
    let sorted = this.#sorted.get(order);
    if (sorted === undefined) {
      sorted = new SortedKeys([...this.#begun().keys()].filter((key) => orderOf(key) === order));
      this.#sorted.set(order, sorted);
    }
    return sorted;
  }
}

interface Span {
  readonly order: KeyOrder;
  readonly low: Key | undefined;
  readonly isPast: (key: Key) => boolean;
}

function spanOf(matcher: SpanMatcher): Span {
  if (matcher.kind === 'prefix') {
    const start = keyOf(matcher.value) as string;
    return { order: knownOrder(start), low: start, isPast: (key) => !(key as string).startsWith(start) };
  }
  const low = matcher.low && keyOf(matcher.low.value);
  const high = matcher.high && keyOf(matcher.high.value);
  return {
    order: knownOrder(low ?? high),
    low,
    isPast: (key) => high !== undefined && compareKeys(key, high) > 0,
  };
}

/** A checked range or prefix is of a type that has an order. */
function knownOrder(key: Key | undefined): KeyOrder {
  const order = key === undefined ? undefined : orderOf(key);
  if (order === undefined) throw new TypeError(`${String(key)} has no order`);
  return order;
}

/**
 * The index of one field of the tuples of one length: a posting for each key, and, once a range or a prefix
 * asks for them, the keys of its order sorted. Lists have no key: a field that holds one is found through the
 * others.
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
  readonly #postings = new KeyMap<Posting<Beside>>();
  readonly #sorted = new Map<KeyOrder, SortedKeys>();

  /**
   * @param index the index that its entries are at home in
   * @param keyOf what a tuple is known by here; undefined leaves it out
   */
  constructor(index: object, keyOf: (values: Tuple) => Key | undefined) {
    this.#index = index;
    this.#keyOf = keyOf;
  }

  add(entry: Entry): void {
    const key = this.#keyOf(entry.values);
    if (key === undefined) return;
    const posting = this.#postings.get(key);
    if (posting !== undefined) {
      posting.add(entry);
      return;
    }
    this.#postings.set(key, new Posting(this.#index, entry));
    this.#sortedOf(key)?.add(key);
  }

  /** Drops an entry that has left the index. */
  drop(entry: Entry): void {
    const key = this.#keyOf(entry.values);
    const posting = key === undefined ? undefined : this.#postings.get(key);
    if (key === undefined || posting === undefined) return;
    posting.drop(entry);
    if (posting.size > 0) return;
    this.#postings.delete(key);
    this.#sortedOf(key)?.remove(key);
  }

  posting(key: Key): Posting<Beside> | undefined {
    return this.#postings.get(key);
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
      const posting = this.#postings.get(key);
      if (posting === undefined) continue;
      count += posting.size;
      if (count > countMax) return undefined;
      postings.push(posting);
    }
    return postings;
  }

  #sortedOf(key: Key): SortedKeys | undefined {
    const order = orderOf(key);
    return order && this.#sorted.get(order);
  }

  #sortedBy(order: KeyOrder): SortedKeys {
    let sorted = this.#sorted.get(order);
    if (sorted === undefined) {
      sorted = new SortedKeys([...this.#postings.keys()].filter((key) => orderOf(key) === order));
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

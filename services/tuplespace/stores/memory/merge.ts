/**
 * Merges lists that are each in order into one that is: the walk over several postings, or over several
 * groups of waiters.
 */
import { Heap } from './heap.js';

interface Source<Item> {
  place: number;
  rank: number;
  item: Item;
  readonly items: Iterator<Item>;
}

/**
 * All items of all lists, lowest rank first; an item that stands in several lists comes once for each, one
 * after the other. Each step costs O(log of the number of lists); an item is drawn from its list only when
 * its turn comes.
 */
export function* merge<Item>(
  lists: readonly Iterable<Item>[],
  rank: (item: Item) => number,
): Generator<Item> {
  const [only] = lists;
  if (lists.length === 1 && only !== undefined) {
    yield* only;
    return;
  }
  const sources = new Heap<Source<Item>>((left, right) => left.rank < right.rank);
  for (const list of lists) {
    const items = list[Symbol.iterator]();
    const first = items.next();
    if (!first.done) sources.add({ place: -1, rank: rank(first.value), item: first.value, items });
  }
  for (let source = sources.first; source !== undefined; source = sources.first) {
    yield source.item;
    const next = source.items.next();
    if (next.done) {
      sources.remove(source);
    } else {
      source.item = next.value;
      source.rank = rank(next.value);
      sources.reorder(source);
    }
  }
}

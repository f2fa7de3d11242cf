import * as fc from 'fast-check';
import type { Entry } from './entry.js';
import { Posting } from './posting.js';
import { entryOf } from './testing.suite.js';
import { TupleIndex } from './tuple-index.js';

/** A posting of its own index, filled and emptied as the index does it. */
class Filled {
  readonly #home = new TupleIndex();
  readonly posting: Posting;

  constructor(first: Entry) {
    first.home = this.#home;
    this.posting = new Posting(this.#home, first);
  }

  add(entry: Entry): void {
    entry.home = this.#home;
    this.posting.add(entry);
  }

  drop(entry: Entry): void {
    entry.home = undefined;
    this.posting.drop(entry);
  }

  orders(after = 0): number[] {
    return [...this.posting.after(after)].map(({ order }) => order);
  }
}

function filled(count: number): { filled: Filled; entries: Entry[] } {
  const entries = Array.from({ length: count }, (_, i) => entryOf(i + 1));
  const posting = new Filled(entries[0] as Entry);
  for (const entry of entries.slice(1)) posting.add(entry);
  return { filled: posting, entries };
}

describe('a posting', () => {
  it('has its entries oldest first, whatever came, went and came back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(119), { maxLength: 600 }), (moves) => {
        const { filled: posting, entries } = filled(120);
        const live = new Set(entries);
        for (const move of moves) {
          const entry = entries[move] as Entry;
          if (!live.delete(entry)) live.add(entry);
          if (live.has(entry)) posting.add(entry);
          else posting.drop(entry);
        }
        const orders = [...live].map(({ order }) => order).sort((left, right) => left - right);
        expect(posting.orders()).toEqual(orders);
        expect(posting.orders(60)).toEqual(orders.filter((order) => order > 60));
        expect(posting.posting.size).toBe(orders.length);
      }),
    );
  });

  it('has an entry once that leaves and comes back at once', () => {
    const { filled: posting, entries } = filled(3);
    posting.drop(entries[1] as Entry);
    posting.add(entries[1] as Entry);
    expect(posting.orders()).toEqual([1, 2, 3]);
  });

  it.each([
    ['most of it is gone', 9_000, 1],
    ['walks pass what is gone again and again', 4_000, 1_000],
  ])('forgets what is gone when %s', (_, goneCount, walkCount) => {
    const { filled: posting, entries } = filled(10_000);
    let passedCount = 0;
    // The head stays, so nothing can be cut off there.
    for (const entry of entries.slice(1, goneCount)) {
      posting.drop(entry);
      Object.defineProperty(entry, 'home', {
        get: () => {
          passedCount += 1;
          return undefined;
        },
      });
    }
    passedCount = 0;
    for (let i = 0; i < walkCount; i++) expect(posting.orders().length).toBe(10_001 - goneCount);
    expect(passedCount).toBeLessThan(2_000 + 20 * walkCount);
  });

  it('walks on undisturbed while another walk begins', () => {
    const { filled: posting, entries } = filled(200);
    for (const entry of entries.slice(50, 90)) posting.drop(entry);
    for (let i = 0; i < 10; i++) posting.orders();
    const walk = posting.posting.after(0);
    walk.next();
    expect(posting.orders().length).toBe(160);
    expect([...walk].length).toBe(159);
  });
});

/**
 * A binary heap: the first item by an order in O(1), changes in O(log n). `Placed` items know their place, so
 * that any of them can be taken out again.
 */

/** An item that knows where it stands in its heap; -1 while it is in none. */
export interface Placed {
  place: number;
}

export class Heap<Item extends Placed> {
  readonly #isBefore: (left: Item, right: Item) => boolean;
  readonly #items: Item[] = [];

  constructor(isBefore: (left: Item, right: Item) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The first item, which stays. */
  get first(): Item | undefined {
    return this.#items[0];
  }

  add(item: Item): void {
    this.#put(item, this.#items.length);
    this.#rise(item);
  }

  /** Takes an item out; harmless when it is in no heap. */
  remove(item: Item): void {
    const { place } = item;
    if (place < 0) return;
    item.place = -1;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#put(last, place);
    this.reorder(last);
  }

  /** Moves an item whose order has changed. */
  reorder(item: Item): void {
    this.#rise(item);
    this.#sink(item);
  }

  #rise(item: Item): void {
    while (item.place > 0) {
      const parent = this.#at((item.place - 1) >> 1);
      if (!this.#isBefore(item, parent)) return;
      this.#swap(item, parent);
    }
  }

  #sink(item: Item): void {
    for (;;) {
      const left = this.#items[2 * item.place + 1];
      const right = this.#items[2 * item.place + 2];
      if (left === undefined) return;
      const child = right !== undefined && this.#isBefore(right, left) ? right : left;
      if (!this.#isBefore(child, item)) return;
      this.#swap(child, item);
    }
  }

  #swap(left: Item, right: Item): void {
    const { place } = left;
    this.#put(left, right.place);
    this.#put(right, place);
  }

  #put(item: Item, place: number): void {
    item.place = place;
    this.#items[place] = item;
  }

  #at(place: number): Item {
    return this.#items[place] as Item;
  }
}

/**
 * The keys that all workers of a run use: a few at a time, and new ones once a key has had its share of calls, so that the calls on one
 * key can be searched for an order.
 */

/** Calls on one key; below the window of the search. */
const callsMax = 110;

export class Keys {
  readonly #slots = new Map<string, { generation: number; count: number }>();

  /** A key of the family, for the next call; `slot` tells the keys of one time apart. */
  next(family: string, slot: number): string {
    const name = `${family}${slot}`;
    const at = this.#slots.get(name) ?? { generation: 0, count: 0 };
    this.#slots.set(name, at);
    at.count += 1;
    if (at.count > callsMax) {
      at.generation += 1;
      at.count = 1;
    }
    return `${name}.${at.generation}`;
  }
}

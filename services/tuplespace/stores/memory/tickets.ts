/**
 * Tickets: the texts by which clients name their holds and leases. A ticket is a number and a keyed hash of
 * it, so that "is over" can be told from "never was" without remembering any that ended, and nobody can guess
 * one.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { ServiceError } from '../../../runtime/index.js';

/** Something that a client names by a ticket. */
export interface Ticketed {
  /** The number of its ticket. */
  readonly number: number;
}

export class Tickets<Item extends Ticketed> {
  readonly #kind: string;
  readonly #key: string;
  readonly #live = new Map<number, Item>();
  /** Texts of live ones, as far as they were given out: a keyed hash is a tenth of what a call costs. */
  readonly #texts = new Map<number, string>();
  #lastNumber = 0;

  /**
   * @param kind `hold` or `lease`, for the texts of tickets and errors
   * @param key the space's secret
   */
  constructor(kind: string, key: string) {
    this.#kind = kind;
    this.#key = key;
  }

  /** How many have not ended. */
  get size(): number {
    return this.#live.size;
  }

  /** The number that was given last; 0 before the first. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** Those that have not ended, in the order of their numbers. */
  live(): Iterable<Item> {
    return this.#live.values();
  }

  /** Gives an item the next number. */
  add(make: (number: number) => Item): Item {
    this.#lastNumber += 1;
    const item = make(this.#lastNumber);
    this.#live.set(item.number, item);
    return item;
  }

  /** The text that names an item. */
  textOf({ number }: Ticketed): string {
    const known = this.#texts.get(number);
    if (known !== undefined) return known;
    const name = `${this.#kind}-${number}`;
    const text = `${name}-${createHmac('sha256', this.#key).update(name).digest('base64url')}`;
    if (this.#live.has(number)) this.#texts.set(number, text);
    return text;
  }

  /** Puts in an item as it was among other tickets, in the order of the numbers. */
  restore(item: Item): Item {
    this.#live.set(item.number, item);
    return item;
  }

  /** The next number is that after this one. */
  continueAfter(lastNumber: number): void {
    this.#lastNumber = lastNumber;
  }

  end({ number }: Ticketed): void {
    this.#live.delete(number);
    this.#texts.delete(number);
  }

  /** The item that a text names. Errors: not_found (never was), failed_precondition (is over). */
  find(text: string): Item {
    const number = Number(text.split('-')[1]);
    if (!(number >= 1 && number <= this.#lastNumber && isSame(text, this.textOf({ number })))) {
      throw new ServiceError('not_found', `${this.#kind}: there never was one of this name in the space`);
    }
    const item = this.#live.get(number);
    if (item === undefined) throw new ServiceError('failed_precondition', `${this.#kind} ${number} is over`);
    return item;
  }
}

function isSame(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}

/**
 * Chance of a simulation: streams of numbers that depend on the seed and the stream's name alone.
 */
import { random } from '../consensus/index.js';

/** From the first to the second, both included; for times in ms. */
export type Span = readonly [number, number];

export class Chance {
  readonly #seed: number;
  readonly #name: string;
  #count = 0;

  /** @param seed 0 to 2^32-1 */
  constructor(seed: number, name: string) {
    this.#seed = seed;
    this.#name = name;
  }

  /** From 0 up to, but not including, 1. */
  next(): number {
    return this.word() / 2 ** 32;
  }

  /** 0 to 2^32-1. */
  word(): number {
    this.#count += 1;
    return random(this.#seed, this.#name, this.#count);
  }

  /** True with this probability, 0 to 1. Draws even when the answer is certain, so that a scenario's numbers move nothing else. */
  happens(probability: number): boolean {
    return this.next() < probability;
  }

  within([low, high]: Span): number {
    return low + this.next() * (high - low);
  }

  /** One of the items, which must not be none. */
  one<Item>(items: readonly Item[]): Item {
    return items[this.word() % items.length] as Item;
  }

  /** Bytes, each 0 to 255. */
  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.word() % 256);
  }

  /** 43 characters of a-z, A-Z, 0-9; as long as a token, and worthless against somebody who wants to guess it. */
  text(): string {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
    return Array.from({ length: 43 }, () => letters[this.word() % letters.length]).join('');
  }
}

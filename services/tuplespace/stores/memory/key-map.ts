/**
 * A map by key. An int64 is found by its number where a number can hold it, which takes a third of the time that a bigint takes; a double
 * of the same size is another key.
 */
import type { Key } from './key.js';

export class KeyMap<Value> {
  readonly #byInteger = new Map<number, Value>();
  readonly #byKey = new Map<Key, Value>();

  get(key: Key): Value | undefined {
    return isSmall(key) ? this.#byInteger.get(Number(key)) : this.#byKey.get(key);
  }

  set(key: Key, value: Value): void {
    if (isSmall(key)) this.#byInteger.set(Number(key), value);
    else this.#byKey.set(key, value);
  }

  delete(key: Key): void {
    if (isSmall(key)) this.#byInteger.delete(Number(key));
    else this.#byKey.delete(key);
  }

  *keys(): Generator<Key> {
    for (const integer of this.#byInteger.keys()) yield BigInt(integer);
    yield* this.#byKey.keys();
  }
}

const integerMax = BigInt(Number.MAX_SAFE_INTEGER);
const integerMin = -integerMax;

function isSmall(key: Key): key is bigint {
  return typeof key === 'bigint' && key <= integerMax && key >= integerMin;
}

/**
 * What a client's tuple must be before a space keeps it. One walk checks it, measures it and copies it, so
 * that nothing the client does to its own lists and bytes afterwards reaches the space.
 *
 * **Canonical size** of a value: 1 byte for its type, and 8 for int64 and double, 1 for bool, 0 for null, 4
 * and the UTF-8 bytes for a string, 4 and the length for bytes, 4 and its values for a list. A tuple counts
 * as a list.
 */
import { invalidArgument } from '../runtime/index.js';
import type { SpaceLimits } from './limits.js';
import type { Tuple, Value } from './tuple.js';

/** A tuple as a space may keep it. */
export interface CheckedTuple {
  /** A copy, frozen but for the content of bytes. */
  readonly values: Tuple;
  /** Canonical size. */
  readonly bytes: number;
  /** True when a bytes value is somewhere in it: such a tuple is copied again before a client sees it. */
  readonly hasBytes: boolean;
}

type ShapeLimits = Pick<SpaceLimits, 'arityMax' | 'tupleBytesMax' | 'valueBytesMax' | 'depthMax'>;

/**
 * Checks, measures and copies tuples. Errors: invalid_argument, naming the field by its path:
 * `tuples[2][4]`.
 *
 * @param field where the tuples stand in the request
 */
export function checkEach(tuples: readonly unknown[], field: string, limits: ShapeLimits): CheckedTuple[] {
  const walk = new TupleWalk(field, limits);
  const checked = new Array<CheckedTuple>(tuples.length);
  for (let i = 0; i < tuples.length; i++) checked[i] = walk.check(tuples[i], i);
  return checked;
}

/**
 * Checks and copies the value for one field of a tuple or template. Errors: invalid_argument, naming the
 * field.
 */
export function checkValue(value: unknown, at: { field: string; index: number }, limits: ShapeLimits): Value {
  return new TupleWalk(at.field, limits).checkValue(value, at.index);
}

/** A copy whose bytes values are its own. Frozen like the original. */
export function copyValues(values: Tuple): Tuple {
  return Object.freeze(values.map(copyValue));
}

function copyValue(value: Value): Value {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  return Array.isArray(value) ? copyValues(value) : value;
}

const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;

/** A walk over one tuple after the other. The place is kept as numbers and becomes text only for an error. */
class TupleWalk {
  readonly #field: string;
  readonly #limits: ShapeLimits;
  /** Index of the tuple, and of the current value in each list around it. */
  readonly #place: number[] = [];
  /** Lists around the current value. */
  #depth = 0;
  #bytes = 0;
  #hasBytes = false;

  constructor(field: string, limits: ShapeLimits) {
    this.#field = field;
    this.#limits = limits;
  }

  check(tuple: unknown, index: number): CheckedTuple {
    this.#begin(index, 0);
    const { arityMax, tupleBytesMax } = this.#limits;
    if (!Array.isArray(tuple)) throw this.#invalid('is not a list of values');
    if (tuple.length < 1 || tuple.length > arityMax) {
      throw this.#invalid(`${tuple.length} fields, allowed are 1 to ${arityMax} (arityMax)`);
    }
    const values = this.#copyList(tuple);
    const bytes = this.#bytes;
    if (bytes > tupleBytesMax) {
      throw this.#invalid(`${bytes} bytes, at most ${tupleBytesMax} allowed (tupleBytesMax)`);
    }
    return { values, bytes, hasBytes: this.#hasBytes };
  }

  /** The value for one field of a tuple. */
  checkValue(value: unknown, index: number): Value {
    this.#begin(index, 1);
    return this.#copyValue(value);
  }

  #begin(index: number, depth: number): void {
    this.#place.length = 1;
    this.#place[0] = index;
    this.#depth = depth;
    this.#bytes = 0;
    this.#hasBytes = false;
  }

  #copyList(list: readonly unknown[]): readonly Value[] {
    this.#add(5);
    this.#checkRoom(list.length);
    const copy = new Array<Value>(list.length);
    const place = this.#place;
    const at = place.length;
    place.push(0);
    this.#depth += 1;
    for (let i = 0; i < list.length; i++) {
      place[at] = i;
      copy[i] = this.#copyValue(list[i]);
    }
    this.#depth -= 1;
    place.pop();
    return Object.freeze(copy);
  }

  #copyValue(value: unknown): Value {
    if (typeof value === 'string') return this.#copyText(value);
    if (typeof value === 'bigint') return this.#copyInt64(value);
    if (typeof value === 'number') return this.#copyDouble(value);
    if (Array.isArray(value)) return this.#copyInnerList(value);
    if (value instanceof Uint8Array) return this.#copyBytes(value);
    if (typeof value === 'boolean' || value === null) {
      this.#add(value === null ? 1 : 2);
      return value;
    }
    const allowed = 'bigint, number, string, boolean, Uint8Array, null and lists';
    throw this.#invalid(`${typeof value} is not a value, allowed are ${allowed}`);
  }

  #copyInt64(value: bigint): bigint {
    this.#add(9);
    if (value < int64Min || value > int64Max) {
      throw this.#invalid(`${value} is not an int64, allowed are ${int64Min} to ${int64Max}`);
    }
    return value;
  }

  #copyDouble(value: number): number {
    this.#add(9);
    if (!Number.isFinite(value)) throw this.#invalid(`${value} is not allowed, a double is finite`);
    return value === 0 ? 0 : value;
  }

  #copyBytes(value: Uint8Array): Uint8Array {
    this.#checkLength(value.length);
    this.#hasBytes = true;
    return new Uint8Array(value);
  }

  #copyInnerList(value: readonly unknown[]): readonly Value[] {
    const depth = this.#depth;
    if (depth > this.#limits.depthMax) {
      throw this.#invalid(`lists are ${depth} deep, at most ${this.#limits.depthMax} allowed (depthMax)`);
    }
    return this.#copyList(value);
  }

  #copyText(text: string): string {
    const byteCount = utf8Length(text);
    if (byteCount === undefined)
      throw this.#invalid('the text has a lone surrogate, allowed is Unicode text');
    this.#checkLength(byteCount);
    return text;
  }

  #checkLength(byteCount: number): void {
    if (byteCount > this.#limits.valueBytesMax) {
      const max = this.#limits.valueBytesMax;
      throw this.#invalid(`${byteCount} bytes, at most ${max} allowed (valueBytesMax)`);
    }
    this.#add(5 + byteCount);
  }

  #add(byteCount: number): void {
    this.#checkRoom(byteCount);
    this.#bytes += byteCount;
  }

  /** A tuple that is far too large is refused before the rest of it is copied. */
  #checkRoom(byteCount: number): void {
    if (this.#bytes + byteCount > 2 * this.#limits.tupleBytesMax) {
      throw this.#invalid(`the tuple is larger than ${this.#limits.tupleBytesMax} bytes (tupleBytesMax)`);
    }
  }

  #invalid(problem: string) {
    return invalidArgument(this.#field + this.#place.map((i) => `[${i}]`).join(''), problem);
  }
}

/** Length of a text in UTF-8, or undefined when it has a lone surrogate. */
function utf8Length(text: string): number | undefined {
  if (text.length > 64) return /\p{Surrogate}/u.test(text) ? undefined : Buffer.byteLength(text);
  let asciiCount = 0;
  while (asciiCount < text.length && text.charCodeAt(asciiCount) < 0x80) asciiCount += 1;
  let byteCount = asciiCount;
  for (let i = asciiCount; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) byteCount += 1;
    else if (unit < 0x800) byteCount += 2;
    else if (unit < 0xd800 || unit > 0xdfff) byteCount += 3;
    else {
      const next = text.charCodeAt(i + 1);
      if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return undefined;
      byteCount += 4;
      i += 1;
    }
  }
  return byteCount;
}

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
 * Checks, measures and copies a tuple. Errors: invalid_argument, naming the field by its path:
 * `tuples[2][4]`.
 *
 * @param field where the tuple stands in the request
 */
export function checkTuple(tuple: unknown, field: string, limits: ShapeLimits): CheckedTuple {
  if (!Array.isArray(tuple)) throw invalidArgument(field, 'is not a list of values');
  if (tuple.length < 1 || tuple.length > limits.arityMax) {
    throw invalidArgument(field, `${tuple.length} fields, allowed are 1 to ${limits.arityMax} (arityMax)`);
  }
  const walk = new TupleWalk(field, limits);
  const values = walk.copyList(tuple);
  if (walk.bytes > limits.tupleBytesMax) {
    throw invalidArgument(
      field,
      `${walk.bytes} bytes, at most ${limits.tupleBytesMax} allowed (tupleBytesMax)`,
    );
  }
  return { values, bytes: walk.bytes, hasBytes: walk.hasBytes };
}

/**
 * Checks and copies the value for one field of a tuple or template. Errors: invalid_argument, naming the
 * field.
 */
export function checkValue(value: unknown, at: { field: string; index: number }, limits: ShapeLimits): Value {
  return new TupleWalk(at.field, limits, [at.index]).copyValue(value);
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

/** One walk over one tuple. The place in the tuple is kept as numbers and becomes text only for an error. */
class TupleWalk {
  bytes = 0;
  hasBytes = false;
  readonly #field: string;
  readonly #limits: ShapeLimits;
  /** Index of the current value in each list around it. */
  readonly #place: number[];

  constructor(field: string, limits: ShapeLimits, place: number[] = []) {
    this.#field = field;
    this.#limits = limits;
    this.#place = place;
  }

  copyList(list: readonly unknown[]): readonly Value[] {
    this.#add(5);
    this.#checkRoom(list.length);
    const copy = new Array<Value>(list.length);
    for (let i = 0; i < list.length; i++) {
      this.#place.push(i);
      copy[i] = this.copyValue(list[i]);
      this.#place.pop();
    }
    return Object.freeze(copy);
  }

  copyValue(value: unknown): Value {
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
    this.hasBytes = true;
    return new Uint8Array(value);
  }

  #copyInnerList(value: readonly unknown[]): readonly Value[] {
    // The place has an index for the tuple and for each list around the value.
    const depth = this.#place.length;
    if (depth > this.#limits.depthMax) {
      throw this.#invalid(`lists are ${depth} deep, at most ${this.#limits.depthMax} allowed (depthMax)`);
    }
    return this.copyList(value);
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
    this.bytes += byteCount;
  }

  /** A tuple that is far too large is refused before the rest of it is copied. */
  #checkRoom(byteCount: number): void {
    if (this.bytes + byteCount > 2 * this.#limits.tupleBytesMax) {
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
  let byteCount = 0;
  for (let i = 0; i < text.length; i++) {
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

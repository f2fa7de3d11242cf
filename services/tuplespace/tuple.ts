/**
 * Tuples: ordered lists of typed values, as written by a client and as kept by a space.
 * Limits on their shape are a space's and stand in limits.ts.
 */

/**
 * One typed value. The JavaScript type is the tuple's type: `bigint` is int64 (-2^63 to 2^63-1), `number` is double
 * (finite; -0 is kept as 0), `string` is text without lone surrogates, `Uint8Array` is bytes. int64 1n and double 1
 * are different values.
 */
export type Value = bigint | number | string | boolean | Uint8Array | null | readonly Value[];

/** The name of a value's type, as on the wire. */
export type ValueType = 'int64' | 'double' | 'string' | 'bool' | 'bytes' | 'null' | 'list';

/** What a client writes: the values in order; the first usually names the kind. */
export type Tuple = readonly Value[];

/** A tuple as a space keeps it. Immutable, but for `deliveryCount`, which a returned hold raises on a new copy. */
export interface StoredTuple {
  /** Unique in its space for ever, rises with each tuple written; decimal on the wire. */
  readonly id: bigint;
  readonly values: Tuple;
  /** Who wrote it, as the space knows the caller of the write (see caller.ts); never taken from the tuple itself. */
  readonly writer: string;
  /** The epoch of the writer's seat; 0 for callers that have none. */
  readonly writerEpoch: number;
  /** The revision of the write, shared by all tuples of one Write. */
  readonly revision: bigint;
  /** Store's time, ms since 1970, when it was written. */
  readonly writtenAtMs: number;
  /** Store's time, ms since 1970, from which it is no longer there; undefined means it stays, or dies with a lease. */
  readonly expiresAtMs?: number;
  /** How often a hold gave it back; 0 at first. */
  readonly deliveryCount: number;
}

/** The type of a value. */
export function typeOf(value: Value): ValueType {
  switch (typeof value) {
    case 'bigint':
      return 'int64';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    default:
      if (value === null) return 'null';
      return value instanceof Uint8Array ? 'bytes' : 'list';
  }
}

/** True when two values have the same type and the same content. */
export function equalValues(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (left instanceof Uint8Array) return right instanceof Uint8Array && equalBytes(left, right);
  if (isList(left)) return isList(right) && equalTuples(left, right);
  return false;
}

/** True when two tuples have the same length and equal values. */
export function equalTuples(left: Tuple, right: Tuple): boolean {
  return left.length === right.length && left.every((value, i) => equalValues(value, right[i] as Value));
}

/** True for the list type; narrows. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

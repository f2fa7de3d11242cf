/**
 * Values in JSON documents, in the form that JSON gives the wire contract's values, so that the command line
 * and grpcurl show the same: `{"int64": "1"}`, `{"string": "db"}`, `{"bytes": "AAE="}`, `{"list": {"values":
 * [...]}}`.
 */
import type { Tuple, Value } from '../../tuplespace/index.js';

/** A value with its type; int64 as decimal text, bytes as base64. */
export type JsonValue =
  | { readonly int64: string }
  | { readonly double: number }
  | { readonly string: string }
  | { readonly bool: boolean }
  | { readonly bytes: string }
  | { readonly null: 'NULL' }
  | { readonly list: { readonly values: readonly JsonValue[] } };

/** The values of a tuple in order. */
export function jsonTuple(tuple: Tuple): readonly JsonValue[] {
  return tuple.map(jsonValue);
}

function jsonValue(value: Value): JsonValue {
  switch (typeof value) {
    case 'bigint':
      return { int64: value.toString() };
    case 'number':
      return { double: value };
    case 'string':
      return { string: value };
    case 'boolean':
      return { bool: value };
    default:
      if (value === null) return { null: 'NULL' };
      if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
      return { list: { values: jsonTuple(value) } };
  }
}

/**
 * Tuples and templates as the proto file has them, for the raw client.
 */
export type Plain = string | number | null | Uint8Array | readonly Plain[];

/** Whole numbers are int64. */
function value(plain: Plain): object {
  if (typeof plain === 'string') return { string: plain };
  if (typeof plain === 'number') return { int64: plain };
  if (plain === null) return { null: 'NULL' };
  if (plain instanceof Uint8Array) return { bytes: plain };
  return { list: { values: plain.map(value) } };
}

export function tuple(...values: Plain[]): object {
  return { values: values.map(value) };
}

/** Undefined matches anything. */
export function template(...fields: (Plain | undefined)[]): object {
  return { fields: fields.map((field) => (field === undefined ? { any: {} } : { exact: value(field) })) };
}

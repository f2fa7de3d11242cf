/**
 * Parsers of JSON values into domain types; what is wrong is named by the path of its field.
 */
import { invalidArgument } from '../../runtime/index.js';

/** Gives the value as `T`. Errors: invalid_argument, naming `field`. */
export type Parse<T> = (value: unknown, field: string) => T;

/** One parser for each field of `T`; fields that are not named are refused. */
export function record<T extends object>(
  fields: {
    readonly [K in keyof T]-?: Parse<undefined extends T[K] ? T[K] | undefined : T[K]>;
  },
): Parse<T> {
  const entries = Object.entries<Parse<unknown>>(fields as Record<string, Parse<unknown>>);
  return (value, field) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrong(field, value, 'an object');
    const given = value as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(given)) {
      if (!Object.hasOwn(fields, name)) throw invalidArgument(join(field, name), 'is no field of it');
    }
    const parsed: Record<string, unknown> = {};
    for (const [name, parse] of entries) {
      const result = parse(given[name], join(field, name));
      if (result !== undefined) parsed[name] = result;
    }
    return parsed as T;
  };
}

export function optional<T>(parse: Parse<T>): Parse<T | undefined> {
  return (value, field) => (value === undefined ? undefined : parse(value, field));
}

/** Absent: `standard`. */
export function withDefault<T>(parse: Parse<T>, standard: T): Parse<T> {
  return (value, field) => (value === undefined ? standard : parse(value, field));
}

export function listOf<T>(parse: Parse<T>): Parse<readonly T[]> {
  return (value, field) => {
    if (!Array.isArray(value)) throw wrong(field, value, 'a list');
    return value.map((item: unknown, i) => parse(item, `${field}[${i}]`));
  };
}

export function oneOf<const T extends string>(allowed: readonly T[]): Parse<T> {
  return (value, field) => {
    const found = allowed.find((name) => name === value);
    if (found === undefined) throw wrong(field, value, `one of ${allowed.join(', ')}`);
    return found;
  };
}

export const text: Parse<string> = (value, field) => {
  if (typeof value !== 'string') throw wrong(field, value, 'a text');
  return value;
};

export const flag: Parse<boolean> = (value, field) => {
  if (typeof value !== 'boolean') throw wrong(field, value, 'true or false');
  return value;
};

/** Whole, 0 or more. */
export const count: Parse<number> = (value, field) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw wrong(field, value, 'a whole number from 0 on');
  return value as number;
};

/** 0 or more, with a fraction. */
export const milliseconds: Parse<number> = (value, field) => {
  if (typeof value !== 'number' || !(value >= 0)) throw wrong(field, value, 'a number of ms from 0 on');
  return value;
};

/** Decimal text, for what may be beyond 2^53. */
export const decimal: Parse<bigint> = (value, field) => {
  if (typeof value !== 'string' || !/^\d{1,19}$/.test(value))
    throw wrong(field, value, 'decimal text such as "17"');
  return BigInt(value);
};

export const texts: Parse<Readonly<Record<string, string>>> = (value, field) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(field, value, 'an object');
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, text(item, join(field, name))]),
  );
};

function wrong(field: string, value: unknown, allowed: string): Error {
  const shown = value === undefined ? 'is missing' : `is ${show(value)}`;
  return invalidArgument(field, `${shown}, must be ${allowed}`);
}

/** The start of what stands there. */
function show(value: unknown): string {
  const whole = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? String(inner) : inner,
  );
  return whole.length > 60 ? `${whole.slice(0, 57)}...` : whole;
}

function join(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}

/**
 * Templates: what a tuple must look like. Matching is by length, then field by field; nothing else.
 */
import type { Tuple, Value, ValueType } from './tuple.js';
import { equalValues, typeOf } from './tuple.js';

/** What one field must be. `range` bounds and `prefix` match only values of their own type. */
export type Matcher =
  | { readonly kind: 'exact'; readonly value: Value }
  | { readonly kind: 'any' }
  | { readonly kind: 'type'; readonly type: ValueType }
  | { readonly kind: 'range'; readonly low?: Bound; readonly high?: Bound }
  | { readonly kind: 'prefix'; readonly value: string | Uint8Array };

/** An end of a range; at least one end is given, and both have the same type, one that has an order. */
export interface Bound {
  readonly value: bigint | number | string | Uint8Array;
  readonly isInclusive: boolean;
}

/** A matcher for each field; matches only tuples of the same length. */
export type Template = readonly Matcher[];

/** Matches any value of any type. */
export const any: Matcher = { kind: 'any' };

/** Matches any value of one type. */
export function anyOf(type: ValueType): Matcher {
  return { kind: 'type', type };
}

/** Matches one value. */
export function exact(value: Value): Matcher {
  return { kind: 'exact', value };
}

/** Matches values from `low` to `high`, both included; either may be left out. */
export function between(ends: { low?: Bound['value']; high?: Bound['value'] }): Matcher {
  return {
    kind: 'range',
    ...(ends.low === undefined ? {} : { low: { value: ends.low, isInclusive: true } }),
    ...(ends.high === undefined ? {} : { high: { value: ends.high, isInclusive: true } }),
  };
}

/** Matches strings, or bytes, that begin with `value`. */
export function prefix(value: string | Uint8Array): Matcher {
  return { kind: 'prefix', value };
}

/** Builds a template; plain values stand for themselves: `template('job', any, 3n)`. */
export function template(...fields: (Value | Matcher)[]): Template {
  return fields.map((field) => (isMatcher(field) ? field : exact(field)));
}

/** True when the tuple has the template's length and every field matches. */
export function matches(wanted: Template, tuple: Tuple): boolean {
  return (
    wanted.length === tuple.length && wanted.every((matcher, i) => matchesField(matcher, tuple[i] as Value))
  );
}

/** True when one field's value is what its matcher wants. */
export function matchesField(matcher: Matcher, value: Value): boolean {
  switch (matcher.kind) {
    case 'exact':
      return equalValues(matcher.value, value);
    case 'any':
      return true;
    case 'type':
      return typeOf(value) === matcher.type;
    case 'range':
      return isWithin(matcher, value);
    case 'prefix':
      return startsWith(value, matcher.value);
  }
}

/** Order within one orderable type: negative, zero or positive. Strings and bytes compare by their UTF-8 bytes. */
export function compareValues(left: Bound['value'], right: Bound['value']): number {
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right);
  return left < right ? -1 : left > right ? 1 : 0;
}

function isWithin(range: Extract<Matcher, { kind: 'range' }>, value: Value): boolean {
  const { low, high } = range;
  const type = typeOf((low ?? high)?.value ?? null);
  if (typeOf(value) !== type) return false;
  const order = value as Bound['value'];
  if (low !== undefined) {
    const above = compareValues(order, low.value);
    if (above < 0 || (above === 0 && !low.isInclusive)) return false;
  }
  if (high !== undefined) {
    const below = compareValues(order, high.value);
    if (below > 0 || (below === 0 && !high.isInclusive)) return false;
  }
  return true;
}

function startsWith(value: Value, start: string | Uint8Array): boolean {
  if (typeof start === 'string') return typeof value === 'string' && value.startsWith(start);
  return value instanceof Uint8Array && Buffer.compare(value.subarray(0, start.length), start) === 0;
}

/** UTF-8 order is code point order. It differs from JavaScript's order by UTF-16 units only in that surrogates come last. */
function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const leftUnit = left.charCodeAt(i);
    const rightUnit = right.charCodeAt(i);
    if (leftUnit !== rightUnit) return rankOf(leftUnit) - rankOf(rightUnit);
  }
  return left.length - right.length;
}

function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function isMatcher(field: Value | Matcher): field is Matcher {
  return typeof field === 'object' && field !== null && 'kind' in field;
}

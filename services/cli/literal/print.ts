/**
 * Tuples and templates as text: what `parseTuple` and `parseTemplate` read back as the same.
 */
import type { Matcher, Template, Tuple, Value } from '../../tuplespace/index.js';
import { typeNames } from './parse.js';

/** Such as `("lock", "db", 1)`. */
export function printTuple(tuple: Tuple): string {
  return `(${tuple.map(printValue).join(', ')})`;
}

/** Such as `("lock", ?str, 1..5)`. */
export function printTemplate(template: Template): string {
  return `(${template.map(printMatcher).join(', ')})`;
}

/** A value as in a literal. */
function printValue(value: Value): string {
  switch (typeof value) {
    case 'bigint':
      return value.toString();
    case 'number':
      return printDouble(value);
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return String(value);
    default:
      if (value === null) return 'null';
      if (value instanceof Uint8Array) return `0x"${Buffer.from(value).toString('hex')}"`;
      return `[${value.map(printValue).join(', ')}]`;
  }
}

function printDouble(value: number): string {
  const digits = Object.is(value, -0) ? '0' : String(value);
  return /^-?\d+$/.test(digits) ? `${digits}.0` : digits;
}

/** One field of a template. */
export function printMatcher(matcher: Matcher): string {
  switch (matcher.kind) {
    case 'exact':
      return printValue(matcher.value);
    case 'any':
      return '?';
    case 'type':
      return `?${Object.entries(typeNames).find(([, type]) => type === matcher.type)?.[0] ?? matcher.type}`;
    case 'prefix':
      return `${printValue(matcher.value)}*`;
    case 'range':
      return printRange(matcher);
  }
}

function printRange({ low, high }: Extract<Matcher, { kind: 'range' }>): string {
  const lower = low === undefined ? '' : `${printValue(low.value)}${low.isInclusive ? '' : '<'}`;
  const upper = high === undefined ? '' : `${high.isInclusive ? '' : '<'}${printValue(high.value)}`;
  return `${lower}..${upper}`;
}

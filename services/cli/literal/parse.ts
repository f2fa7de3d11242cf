/**
 * Tuples and templates as people type them: `("lock", "db", 1)` and `("lock", ?str, 1..5, "ab"*, ?)`.
 *
 *   tuple     ( value, ... )
 *   value     "text" with the escapes of JSON · 12 an int64 · 1.5, 1.0, 2e3 a double · 0x"00ff" bytes ·
 *             true · false · null · [ value, ... ] a list
 *   template  ( field, ... )
 *   field     a value · ? anything · ?str ?int ?double ?bool ?bytes ?null ?list anything of a type ·
 *             1..5, 1.., ..5 a range with its ends, 1..<5 without the upper, 1<..5 without the lower ·
 *             "ab"*, 0x"ab"* a prefix
 */
import type { Matcher, Template, Tuple, Value, ValueType } from '../../tuplespace/index.js';
import { Scanner } from './scanner.js';

/** Reads a tuple. Errors: invalid_argument, with the character where it goes wrong. */
export function parseTuple(text: string): Tuple {
  return parseAll(new Scanner(text, 'tuple'), readValue);
}

/** Reads a template. Errors: invalid_argument, with the character where it goes wrong. */
export function parseTemplate(text: string): Template {
  return parseAll(new Scanner(text, 'template'), readMatcher);
}

/** The types as templates name them. */
export const typeNames: Readonly<Record<string, ValueType>> = {
  str: 'string',
  int: 'int64',
  double: 'double',
  bool: 'bool',
  bytes: 'bytes',
  null: 'null',
  list: 'list',
};

/** Deeper lists than any space takes; keeps the reader's own recursion small. */
const depthMax = 64;

function parseAll<Item>(
  scanner: Scanner,
  readItem: (scanner: Scanner, depth: number) => Item,
): readonly Item[] {
  scanner.expect('(');
  const items = readItems(scanner, ')', () => readItem(scanner, 0));
  scanner.expectEnd();
  return items;
}

function readItems<Item>(scanner: Scanner, end: ')' | ']', readItem: () => Item): Item[] {
  const items: Item[] = [];
  if (scanner.accept(end)) return items;
  do items.push(readItem());
  while (scanner.accept(','));
  scanner.expect(end, ',');
  return items;
}

/** Reads one field of a template. */
export function readMatcher(scanner: Scanner): Matcher {
  if (scanner.accept('?')) return readType(scanner);
  if (scanner.accept('..')) return readRange(scanner, undefined);
  const start = scanner.position;
  const value = readValue(scanner, 0);
  if (scanner.accept('*')) {
    if (typeof value === 'string' || value instanceof Uint8Array) return { kind: 'prefix', value };
    throw scanner.error('only a text or bytes can be a prefix', start);
  }
  const isExclusive = scanner.accept('<..');
  if (!isExclusive && !scanner.accept('..')) return { kind: 'exact', value };
  return readRange(scanner, { value: orderable(scanner, value, start), isInclusive: !isExclusive });
}

function readType(scanner: Scanner): Matcher {
  const start = scanner.position;
  const name = scanner.match(/\w+/y);
  if (name === undefined) return { kind: 'any' };
  const type = Object.hasOwn(typeNames, name) ? typeNames[name] : undefined;
  if (type !== undefined) return { kind: 'type', type };
  const known = Object.keys(typeNames).join(', ?');
  throw scanner.error(`unknown type ?${name}; known: ?${known}`, start);
}

type Range = Extract<Matcher, { kind: 'range' }>;
type End = NonNullable<Range['low']>;

function readRange(scanner: Scanner, low: End | undefined): Range {
  const isExclusive = scanner.accept('<');
  const start = scanner.position;
  const given = low !== undefined && !isExclusive ? tryReadValue(scanner) : readValue(scanner, 0);
  if (given === undefined) return { kind: 'range', ...(low === undefined ? {} : { low }) };
  const high = { value: orderable(scanner, given, start), isInclusive: !isExclusive };
  if (low !== undefined && !isSameType(low.value, high.value)) {
    throw scanner.error('both ends of a range must have the same type', start);
  }
  return { kind: 'range', ...(low === undefined ? {} : { low }), high };
}

function orderable(scanner: Scanner, value: Value, position: number): End['value'] {
  const isOrderable = typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string';
  if (isOrderable || value instanceof Uint8Array) return value;
  throw scanner.error('only numbers, texts and bytes have an order', position);
}

function isSameType(left: End['value'], right: End['value']): boolean {
  return typeof left === typeof right;
}

function readValue(scanner: Scanner, depth: number): Value {
  const value = tryReadValue(scanner, depth);
  return value === undefined ? scanner.fail('a value') : value;
}

function tryReadValue(scanner: Scanner, depth = 0): Value | undefined {
  const start = scanner.position;
  const bytes = scanner.match(/0x"[^"]*"/y);
  if (bytes !== undefined) return toBytes(scanner, bytes.slice(3, -1), start);
  const text = scanner.match(/"(?:[^"\\]|\\.)*"/sy);
  if (text !== undefined) return toText(scanner, text, start);
  const number = scanner.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  if (number !== undefined) return toNumber(scanner, number, start);
  const word = scanner.match(/(?:true|false|null)\b/y);
  if (word !== undefined) return word === 'null' ? null : word === 'true';
  if (!scanner.accept('[')) return undefined;
  if (depth === depthMax) throw scanner.error(`lists inside lists go at most ${depthMax} deep`, start);
  return readItems(scanner, ']', () => readValue(scanner, depth + 1));
}

function toText(scanner: Scanner, quoted: string, start: number): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw scanner.error(`${quoted} has an escape that JSON does not know, or a line break`, start);
  }
}

function toBytes(scanner: Scanner, hex: string, start: number): Uint8Array {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(hex)) {
    throw scanner.error(`bytes are pairs of hexadecimal digits, got 0x"${hex}"`, start);
  }
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function toNumber(scanner: Scanner, digits: string, start: number): bigint | number {
  if (/^-?\d+$/.test(digits)) {
    const value = BigInt(digits);
    if (BigInt.asIntN(64, value) !== value) throw scanner.error(`${digits} does not fit an int64`, start);
    return value;
  }
  const value = Number(digits);
  if (!Number.isFinite(value)) throw scanner.error(`${digits} does not fit a double`, start);
  return value;
}

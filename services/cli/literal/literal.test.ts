import fc from 'fast-check';
import type { Matcher, Value, ValueType } from '../../tuplespace/index.js';
import { jsonTuple } from './json.js';
import { parseTemplate, parseTuple } from './parse.js';
import { printTemplate, printTuple } from './print.js';

const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const bytes = fc.uint8Array({ maxLength: 20 });
const text = fc.string({ unit: 'grapheme' });
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    int64,
    double,
    text,
    fc.boolean(),
    bytes,
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
})).value;

type End = { readonly value: bigint | number | string | Uint8Array; readonly isInclusive: boolean };
const end = (arbitrary: fc.Arbitrary<End['value']>): fc.Arbitrary<End> =>
  fc.record({ value: arbitrary, isInclusive: fc.boolean() });
const range = fc
  .constantFrom<fc.Arbitrary<End['value']>[]>(int64, double, text, bytes)
  .chain((type) => fc.record({ low: end(type), high: end(type) }))
  .chain(({ low, high }) => fc.constantFrom<{ low?: End; high?: End }>({ low, high }, { low }, { high }))
  .map((ends): Matcher => ({ kind: 'range', ...ends }));
const types: readonly ValueType[] = ['int64', 'double', 'string', 'bool', 'bytes', 'null', 'list'];
const matcher: fc.Arbitrary<Matcher> = fc.oneof(
  value.map((exact) => ({ kind: 'exact' as const, value: exact })),
  fc.constant<Matcher>({ kind: 'any' }),
  fc.constantFrom(...types).map((type) => ({ kind: 'type' as const, type })),
  fc
    .oneof<fc.Arbitrary<string | Uint8Array>[]>(text, bytes)
    .map((start) => ({ kind: 'prefix' as const, value: start })),
  range,
);

test('a tuple that is printed and read again is the same tuple', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), (tuple) => {
      expect(parseTuple(printTuple(tuple))).toEqual(tuple);
    }),
  );
});

test('a template that is printed and read again is the same template', () => {
  fc.assert(
    fc.property(fc.array(matcher, { maxLength: 6 }), (template) => {
      expect(parseTemplate(printTemplate(template))).toEqual(template);
    }),
  );
});

test.each<[string, Value[]]>([
  ['("lock","db",1)', ['lock', 'db', 1n]],
  ['( "a" , 1.0 , 1e3, -2.5e-1 )', ['a', 1, 1000, -0.25]],
  ['(0x"00fF", 0x"")', [Uint8Array.of(0, 255), new Uint8Array()]],
  ['(true, false, null, [1, ["x"], []])', [true, false, null, [1n, ['x'], []]]],
  ['("\\u00e9\\n\\"")', ['é\n"']],
  ['(9223372036854775807, -9223372036854775808)', [2n ** 63n - 1n, -(2n ** 63n)]],
])('%s is read', (literal, tuple) => {
  expect(parseTuple(literal)).toEqual(tuple);
});

test.each<[string, Matcher]>([
  ['?', { kind: 'any' }],
  ['?int', { kind: 'type', type: 'int64' }],
  ['"ab"*', { kind: 'prefix', value: 'ab' }],
  ['1..5', { kind: 'range', low: { value: 1n, isInclusive: true }, high: { value: 5n, isInclusive: true } }],
  [
    '1.5..2.5',
    { kind: 'range', low: { value: 1.5, isInclusive: true }, high: { value: 2.5, isInclusive: true } },
  ],
  [
    '1..<5',
    { kind: 'range', low: { value: 1n, isInclusive: true }, high: { value: 5n, isInclusive: false } },
  ],
  [
    '1<..5',
    { kind: 'range', low: { value: 1n, isInclusive: false }, high: { value: 5n, isInclusive: true } },
  ],
  ['1<..', { kind: 'range', low: { value: 1n, isInclusive: false } }],
  ['1..', { kind: 'range', low: { value: 1n, isInclusive: true } }],
  ['.."m"', { kind: 'range', high: { value: 'm', isInclusive: true } }],
])('the field %s is read', (field, wanted) => {
  expect(parseTemplate(`("k", ${field})`)[1]).toEqual(wanted);
  expect(parseTemplate(`(${field}, "k")`)[0]).toEqual(wanted);
});

test.each([
  ['', 1, 'expected "("'],
  ['"a"', 1, 'expected "(", got "a"'],
  ['("a"', 5, 'expected "," or ")", the text ends'],
  ['("a" "b")', 6, 'expected "," or ")", got "b")'],
  ['("a",)', 6, 'expected a value, got )'],
  ['("a") x', 7, 'expected the end, got x'],
  ['("a", abc)', 7, 'expected a value, got abc)'],
  ['("a\\q")', 2, 'escape'],
  ['(0x"abc")', 2, 'pairs of hexadecimal digits'],
  ['(9223372036854775808)', 2, 'does not fit an int64'],
  ['(1e999)', 2, 'does not fit a double'],
  ['(?)', 2, 'expected a value'],
  [`(${'['.repeat(100)}`, 66, 'at most 64 deep'],
])('%j is refused as a tuple, at character %i', (literal, position, part) => {
  expect(() => parseTuple(literal)).toThrow(
    expect.objectContaining({
      code: 'invalid_argument',
      details: { field: 'tuple', position: String(position) },
      message: expect.stringContaining(part),
    }),
  );
});

test.each([
  ['(?strng)', 3, 'unknown type ?strng; known: ?str'],
  ['(1*)', 2, 'only a text or bytes'],
  ['(true..false)', 2, 'have an order'],
  ['(1.."a")', 5, 'the same type'],
  ['(..)', 4, 'expected a value'],
])('%j is refused as a template, at character %i', (literal, position, part) => {
  expect(() => parseTemplate(literal)).toThrow(
    expect.objectContaining({
      details: { field: 'template', position: String(position) },
      message: expect.stringContaining(part),
    }),
  );
});

test('values in JSON have the form that the wire contract has in JSON', () => {
  expect(jsonTuple([1n, 1, 'a', true, null, Uint8Array.of(0, 1), [2n]])).toEqual([
    { int64: '1' },
    { double: 1 },
    { string: 'a' },
    { bool: true },
    { null: 'NULL' },
    { bytes: 'AAE=' },
    { list: { values: [{ int64: '2' }] } },
  ]);
});

import fc from 'fast-check';
import { ProtoReader, ProtoWriter } from './index.js';
import { shortText } from './short-text.js';

/** What a reader reads of what a writer wrote. */
function passed<T>(write: (writer: ProtoWriter) => void, read: (reader: ProtoReader) => T): T {
  const writer = new ProtoWriter(1);
  write(writer);
  const reader = new ProtoReader(writer.finish());
  const value = read(reader);
  expect(reader.hasMore).toBe(false);
  return value;
}

test('unsigned integers of every size pass', () => {
  const edges = [0n, 127n, 128n, 2n ** 31n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 64n - 1n];
  const passes = (value: bigint) =>
    expect(
      passed(
        (writer) => writer.varint64(value),
        (reader) => reader.uint64(),
      ),
    ).toBe(value);
  edges.forEach(passes);
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), passes));
});

test('signed integers of every size pass', () => {
  const edges = [0n, -1n, 1n, 2n ** 51n, 2n ** 51n + 1n, -(2n ** 51n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)];
  const passes = (value: bigint) =>
    expect(
      passed(
        (writer) => writer.zigzag64(value),
        (reader) => reader.zigzag64(),
      ),
    ).toBe(value);
  edges.forEach(passes);
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), passes));
});

test('texts of every length and script pass', () => {
  const passes = (value: string) =>
    expect(
      passed(
        (writer) => writer.text(value),
        (reader) => reader.text(),
      ),
    ).toBe(value);
  ['', 'a', 'x'.repeat(63), 'x'.repeat(64), 'ä'.repeat(32), '𝄞'.repeat(5_000)].forEach(passes);
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 100 }), passes), { numRuns: 50 });
});

test('what was written first comes last', () => {
  const writer = new ProtoWriter(2);
  writer.text('second');
  writer.bytes(new Uint8Array(300).fill(7));
  writer.double(-0.5);
  const reader = new ProtoReader(writer.finish());
  expect(reader.double()).toBe(-0.5);
  expect(reader.bytes()).toEqual(new Uint8Array(300).fill(7));
  expect(reader.text()).toBe('second');
});

test('bytes that were read are a copy', () => {
  const writer = new ProtoWriter();
  writer.bytes(new Uint8Array([1, 2]));
  const message = writer.finish();
  const bytes = new ProtoReader(message).bytes();
  message.fill(0);
  expect(bytes).toEqual(new Uint8Array([1, 2]));
});

test('short texts that share a slot are not taken for each other', () => {
  const isItself = (text: string) => {
    const bytes = Buffer.from(text);
    if (shortText(bytes, 0, bytes.length) !== text) throw new Error(`${text} was taken for another`);
  };
  for (const _ of [1, 2]) for (let i = 0; i < 5_000; i++) isItself(`general-${i}`);
  expect(shortText(Buffer.from('ä'), 0, 2)).toBeUndefined();
});

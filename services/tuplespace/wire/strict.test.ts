import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { loadContract, protobuf } from '../../runtime/index.js';
import type { Tuple, Value } from '../tuple.js';
import { readCall, settleCall, takeCall, writeCall } from './calls.js';
import { tupleCodec } from './value.js';

const { decodeMessage, encodeMessage } = protobuf;
const { definitions } = loadContract({
  file: 'byzantine/v1/tuplespace.proto',
  service: 'byzantine.v1.TupleSpace',
});

function wire(type: string, message: object): Buffer {
  return (definitions[`byzantine.v1.${type}`] as MessageTypeDefinition<object, object>).serialize(message);
}

function refusal(field: string, words = '') {
  return expect.objectContaining({
    code: 'invalid_argument',
    details: { field },
    message: expect.stringContaining(words),
  });
}

/** A field of wire type 2 around up to 16 kB. */
function wrap(number: number, bytes: Buffer): Buffer {
  const { length } = bytes;
  const size = length < 0x80 ? [length] : [(length & 0x7f) | 0x80, length >>> 7];
  return Buffer.concat([Buffer.from([number * 8 + 2, ...size]), bytes]);
}

describe('what libraries let through is refused with the field named', () => {
  test('a value without a kind', () => {
    const bytes = wire('WriteRequest', {
      tuples: [{ values: [{ bool: true }] }, { values: [{ bool: true }, {}] }],
    });
    expect(() => decodeMessage(writeCall.request, bytes)).toThrow(refusal('tuples[1][1]', 'has no kind'));
  });

  test('a value of two kinds', () => {
    const both = Buffer.concat([wire('Value', { bool: true }), wire('Value', { int64: '1' })]);
    const bytes = wrap(2, wrap(1, both));
    expect(() => decodeMessage(writeCall.request, bytes)).toThrow(refusal('tuples[0][0]', 'more than one'));
  });

  test('a value inside a list', () => {
    const bytes = wire('WriteRequest', {
      tuples: [{ values: [{ list: { values: [{ bool: true }, {}] } }] }],
    });
    expect(() => decodeMessage(writeCall.request, bytes)).toThrow(refusal('tuples[0][0][1]'));
  });

  test('a matcher without a kind, and one of two kinds', () => {
    const none = wire('ReadRequest', { templates: [{ fields: [{ any: {} }, {}] }] });
    expect(() => decodeMessage(readCall.request, none)).toThrow(refusal('templates[0][1]', 'exactly one'));
    const both = Buffer.concat([wire('Matcher', { any: {} }), wire('Matcher', { exact: { bool: true } })]);
    const two = wrap(2, wrap(1, both));
    expect(() => decodeMessage(readCall.request, two)).toThrow(refusal('templates[0][0]', 'exactly one'));
  });

  test('a matcher of an unknown type, a prefix of a number, a range of lists', () => {
    const at = 'templates[0][0]';
    const read = (matcher: object) => () =>
      decodeMessage(readCall.request, wire('ReadRequest', { templates: [{ fields: [matcher] }] }));
    expect(read({ type: 0 })).toThrow(refusal(at, 'int64'));
    expect(read({ type: 99 })).toThrow(refusal(at, 'int64'));
    expect(read({ prefix: { int64: '1' } })).toThrow(refusal(at, 'string or bytes'));
    expect(read({ range: { low: { list: {} } } })).toThrow(refusal(at, 'list has no order'));
  });

  test('text that is not UTF-8, in short and in long strings', () => {
    const bad = (length: number) => wrap(1, Buffer.from([...Array(length).fill(0x61), 0xff]));
    expect(() => decodeMessage(readCall.request, bad(1))).toThrow(refusal('space', 'UTF-8'));
    expect(() => decodeMessage(readCall.request, bad(60))).toThrow(refusal('space', 'UTF-8'));
    const surrogate = wrap(1, Buffer.from([0xed, 0xa0, 0x80]));
    expect(() => decodeMessage(readCall.request, surrogate)).toThrow(refusal('space', 'UTF-8'));
  });

  test('a field of another wire type, the field number 0, an unknown wire type', () => {
    expect(() => decodeMessage(readCall.request, Buffer.from([1 * 8 + 0, 1]))).toThrow(
      refusal('space', 'wire type'),
    );
    expect(() => decodeMessage(readCall.request, Buffer.from([2, 0]))).toThrow(refusal('message'));
    expect(() => decodeMessage(readCall.request, Buffer.from([9 * 8 + 3]))).toThrow(refusal('message'));
  });

  test('integers that do not fit', () => {
    const max = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    const bytes = (field: number, varint: number[]) => Buffer.from([field * 8, ...varint]);
    expect(() => decodeMessage(takeCall.request, bytes(3, [...max, 1]))).toThrow(refusal('max', '2^32-1'));
    expect(() => decodeMessage(takeCall.request, bytes(3, [...max, 2]))).toThrow(refusal('max', '64 bits'));
    expect(() => decodeMessage(takeCall.request, bytes(5, [...max.slice(1), 0x7f]))).toThrow(
      refusal('waitMs', '2^53'),
    );
    expect(decodeMessage(takeCall.request, bytes(5, [...max, 1])).waitMs).toBe(-1);
  });

  test('a settle without an action, or with two', () => {
    const { request } = settleCall;
    expect(() => decodeMessage(request, wire('SettleRequest', {}))).toThrow(refusal('action', 'missing'));
    const two = Buffer.concat([
      wire('SettleRequest', { commit: {} }),
      wire('SettleRequest', { release: {} }),
    ]);
    expect(() => decodeMessage(request, two)).toThrow(refusal('action', 'more than one'));
  });
});

describe('what does not fit the wire is refused before it is sent', () => {
  const write = (value: unknown) => () =>
    encodeMessage(writeCall.request, { space: 'camp', tuples: [['job', value as Value]] });

  test('integers over 64 bits, and what is no value', () => {
    expect(write(2n ** 63n)).toThrow(refusal('tuples[0][1]', '-2^63'));
    expect(write(undefined)).toThrow(refusal('tuples[0][1]', 'want int64'));
    expect(write({ a: 1 })).toThrow(refusal('tuples[0][1]', 'want int64'));
    expect(write([1n, [() => 1]])).toThrow(refusal('tuples[0][1][1][0]'));
  });

  test('counts that are no counts, and zeros that would be read as absent', () => {
    const read = (request: object) => () =>
      encodeMessage(readCall.request, { space: 'camp', templates: [], ...request });
    expect(read({ limit: -1 })).toThrow(refusal('limit', '-1'));
    expect(read({ limit: 1.5 })).toThrow(refusal('limit', '1.5'));
    expect(read({ limit: 0 })).toThrow(refusal('limit', 'leave it out'));
    expect(read({ waitMs: Number.NaN })).toThrow(refusal('waitMs', 'NaN'));
    expect(read({ afterId: -1n })).toThrow(refusal('afterId', '-1'));
  });

  test('lists nested deeper than any space allows, on both ways', () => {
    const nested = (depth: number): Tuple => (depth === 0 ? [] : [nested(depth - 1)]);
    const deepest = encodeMessage(tupleCodec, nested(64));
    expect(decodeMessage(tupleCodec, deepest)).toEqual(nested(64));
    expect(() => encodeMessage(tupleCodec, nested(65))).toThrow(
      expect.objectContaining({ code: 'invalid_argument' }),
    );
    const bytes = (depth: number): Buffer =>
      depth === 0 ? Buffer.alloc(0) : wrap(1, wrap(7, bytes(depth - 1)));
    expect(decodeMessage(tupleCodec, bytes(64))).toEqual(nested(64));
    expect(() => decodeMessage(tupleCodec, bytes(65))).toThrow(/nested more than 64 deep/);
    expect(() => decodeMessage(tupleCodec, bytes(2_000))).toThrow(/nested more than 64 deep/);
  });
});

/**
 * Registers the tests of one message's codec against proto-loader: the same bytes, read back to the same message, whatever
 * unknown fields stand around them, and an error where bytes are missing.
 */
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import fc from 'fast-check';
import { loadContract, protobuf } from '../../runtime/index.js';
import { toProto } from './proto-shape.suite.js';

export interface CodecCheck<T> {
  /** Name in the proto file. */
  readonly type: string;
  readonly codec: protobuf.MessageCodec<T>;
  readonly any: fc.Arbitrary<T>;
  /** The message as proto-loader takes it; default: property by property. */
  readonly shape?: (message: T) => object;
}

const { definitions } = loadContract({
  file: 'byzantine/v1/tuplespace.proto',
  service: 'byzantine.v1.TupleSpace',
});

/** A field with a number that no message has, in front of and behind the others. */
const unknownField = Buffer.from([0xfa, 0x3f, 0x03, 1, 2, 3, 0xf8, 0x3f, 0x96, 0x01]);

export function checkCodec<T extends object>({ type, codec, any, shape = toProto }: CodecCheck<T>): void {
  const proto = definitions[`byzantine.v1.${type}`] as MessageTypeDefinition<object, object>;
  // Room for one byte: whatever is written makes the buffer grow.
  const encode = (message: T) => protobuf.encodeMessage(codec, message, 1);
  const decode = (bytes: Buffer) => protobuf.decodeMessage(codec, bytes);

  describe(type, () => {
    test('is written as proto-loader writes it', () => {
      const isSame = (message: T) => expect(encode(message)).toEqual(proto.serialize(shape(message)));
      fc.assert(fc.property(any, isSame));
    });

    test('is read from what proto-loader wrote, past unknown fields', () => {
      const isSame = (message: T) => {
        const theirs = proto.serialize(shape(message));
        expect(decode(theirs)).toEqual(message);
        expect(decode(Buffer.concat([unknownField, theirs, unknownField]))).toEqual(message);
      };
      fc.assert(fc.property(any, isSame));
    });

    test('cut within a field is refused', () => {
      const isRefused = (message: T, share: number) => {
        const whole = encode(message);
        const cut = whole.subarray(0, Math.floor(whole.length * share));
        fc.pre(!fieldEnds(whole).has(cut.length));
        expect(() => decode(cut)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
      };
      fc.assert(fc.property(any, fc.double({ min: 0, max: 0.999, noNaN: true }), isRefused), { numRuns: 50 });
    });
  });
}

/** The places between the fields of a message, its start and its end included. */
function fieldEnds(bytes: Buffer): Set<number> {
  const ends = new Set([0]);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const isLong = varint() % 8 === 2;
    const value = varint();
    if (isLong) at += value;
    ends.add(at);
  }
  return ends;
}

/**
 * Matchers and templates on the wire, written out by hand like the values in them.
 */
import { protobuf } from '../../runtime/index.js';
import type { Bound, Matcher, Template } from '../template.js';
import { typeOf, type Value, type ValueType } from '../tuple.js';
import { valueCodec } from './value.js';

const { bool, enumOf, FieldError, field, listOf, message, nested, readNested, wireType, writeNested } =
  protobuf;

/** In the order of their numbers, from 1. */
const valueTypes = enumOf<ValueType>(['int64', 'double', 'string', 'bool', 'bytes', 'null', 'list']);

interface WireRange {
  readonly low?: Value;
  readonly high?: Value;
  readonly lowExclusive: boolean;
  readonly highExclusive: boolean;
}

const rangeCodec = message<WireRange>({
  low: nested(1, valueCodec),
  high: nested(2, valueCodec),
  lowExclusive: field(3, bool),
  highExclusive: field(4, bool),
});

/** The fields of a `Matcher`: a oneof of which exactly one is set. */
const numbers = { exact: 1, any: 2, type: 3, range: 4, prefix: 5 } as const;

export const matcherCodec: protobuf.MessageCodec<Matcher> = {
  write(writer, matcher) {
    switch (matcher.kind) {
      case 'exact':
        writeNested(writer, matcher.value, { number: numbers.exact, codec: valueCodec });
        break;
      case 'any':
        writer.byte(0);
        writer.tag(numbers.any, wireType.bytes);
        break;
      case 'type':
        valueTypes.write(writer, matcher.type);
        writer.tag(numbers.type, wireType.varint);
        break;
      case 'range':
        writeNested(writer, toWireRange(matcher), { number: numbers.range, codec: rangeCodec });
        break;
      case 'prefix':
        writeNested(writer, matcher.value, { number: numbers.prefix, codec: valueCodec });
        break;
      default:
        throw new FieldError(`is not a matcher, want ${Object.keys(numbers).join(', ')}`);
    }
  },
  read(reader) {
    let matcher: Matcher | undefined;
    let count = 0;
    while (reader.hasMore) {
      const tag = reader.tag();
      const read = readMatcher(reader, tag);
      if (read === undefined) reader.skip(tag);
      else {
        matcher = read;
        count += 1;
      }
    }
    if (matcher !== undefined && count === 1) return matcher;
    throw new FieldError(`want exactly one of ${Object.keys(numbers).join(', ')}`);
  },
};

/** A `Template`: its one field is the list of matchers. */
export const templateCodec: protobuf.MessageCodec<Template> = listOf(matcherCodec);

/** The matcher of a field; undefined for an unknown field, whose value is still to be read. */
function readMatcher(reader: protobuf.ProtoReader, tag: number): Matcher | undefined {
  switch (tag) {
    case numbers.exact * 8 + wireType.bytes:
      return { kind: 'exact', value: readNested(reader, valueCodec) };
    case numbers.any * 8 + wireType.bytes:
      reader.skip(tag);
      return { kind: 'any' };
    case numbers.type * 8 + wireType.varint:
      return { kind: 'type', type: valueTypes.read(reader) };
    case numbers.range * 8 + wireType.bytes:
      return fromWireRange(readNested(reader, rangeCodec));
    case numbers.prefix * 8 + wireType.bytes:
      return { kind: 'prefix', value: toPrefix(readNested(reader, valueCodec)) };
    default:
      if (tag >>> 3 <= numbers.prefix)
        throw new FieldError(`has the wire type ${tag % 8} in a field that has another`);
      return undefined;
  }
}

function toWireRange({ low, high }: Extract<Matcher, { kind: 'range' }>): WireRange {
  return {
    ...(low === undefined ? {} : { low: low.value }),
    ...(high === undefined ? {} : { high: high.value }),
    lowExclusive: low?.isInclusive === false,
    highExclusive: high?.isInclusive === false,
  };
}

function fromWireRange({ low, high, lowExclusive, highExclusive }: WireRange): Matcher {
  return {
    kind: 'range',
    ...(low === undefined ? {} : { low: toBound(low, !lowExclusive) }),
    ...(high === undefined ? {} : { high: toBound(high, !highExclusive) }),
  };
}

function toPrefix(value: Value): string | Uint8Array {
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  throw new FieldError(`${typeOf(value)} has no prefix, want string or bytes`);
}

function toBound(value: Value, isInclusive: boolean): Bound {
  const isOrdered = typeof value === 'object' ? value instanceof Uint8Array : typeof value !== 'boolean';
  if (isOrdered) return { value: value as Bound['value'], isInclusive };
  throw new FieldError(`${typeOf(value)} has no order, want int64, double, string or bytes`);
}

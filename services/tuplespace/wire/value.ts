/**
 * Values and tuples on the wire: the hot part of every message, so written out by hand.
 */
import { protobuf } from '../../runtime/index.js';
import type { Tuple, Value } from '../tuple.js';

const { FieldError, repeated, wireType } = protobuf;

/** Lists inside lists that a message may hold; far above any space's own limit. */
const depthMax = 64;

/** A `Value`: a oneof of which exactly one kind is set. */
export const valueCodec: protobuf.MessageCodec<Value> = {
  write: (writer, value) => writeValue(writer, value, 0),
  read: (reader) => readValue(reader, 0),
};

/** A `Tuple`, and `ValueList`, which has the same shape. */
export const tupleCodec: protobuf.MessageCodec<Tuple> = {
  write: (writer, values) => writeValues(writer, values, 0),
  read: (reader) => readValues(reader, 0),
};

/** The values of a tuple as field `number` of the message that holds them. */
export function valuesField(number: number): protobuf.Field<Tuple> {
  return repeated(number, valueCodec);
}

const kinds = ['', 'int64', 'double', 'string', 'bool', 'bytes', 'null', 'list'] as const;

/** The whole tag of each kind: its number and its wire type. */
const tags = {
  int64: 1 * 8 + wireType.varint,
  double: 2 * 8 + wireType.fixed64,
  string: 3 * 8 + wireType.bytes,
  bool: 4 * 8 + wireType.varint,
  bytes: 5 * 8 + wireType.bytes,
  null: 6 * 8 + wireType.varint,
  list: 7 * 8 + wireType.bytes,
} as const;

/** The one field of `Tuple` and `ValueList`. */
const elementTag = 1 * 8 + wireType.bytes;

function writeValue(writer: protobuf.ProtoWriter, value: Value, depth: number): void {
  if (typeof value === 'string') {
    writer.text(value);
    writer.byte(tags.string);
  } else if (typeof value === 'bigint') {
    if (value !== BigInt.asIntN(64, value)) throw new FieldError(`is ${value}, want -2^63 to 2^63-1`);
    writer.zigzag64(value);
    writer.byte(tags.int64);
  } else if (typeof value === 'number') {
    writer.double(value);
    writer.byte(tags.double);
  } else if (typeof value === 'boolean') {
    writer.byte(value ? 1 : 0);
    writer.byte(tags.bool);
  } else writeObject(writer, value, depth);
}

function writeObject(
  writer: protobuf.ProtoWriter,
  value: Uint8Array | null | readonly Value[],
  depth: number,
): void {
  if (value === null) {
    writer.byte(0);
    writer.byte(tags.null);
  } else if (value instanceof Uint8Array) {
    writer.bytes(value);
    writer.byte(tags.bytes);
  } else if (Array.isArray(value)) {
    const mark = writer.length;
    writeValues(writer, value, depth + 1);
    writer.varint(writer.length - mark);
    writer.byte(tags.list);
  } else throw new FieldError(`is ${typeof value}, want ${kinds.slice(1).join(', ')}`);
}

function writeValues(writer: protobuf.ProtoWriter, values: Tuple, depth: number): void {
  checkDepth(depth);
  let i = values.length - 1;
  try {
    for (; i >= 0; i--) {
      const mark = writer.length;
      writeValue(writer, values[i] as Value, depth);
      writer.varint(writer.length - mark);
      writer.byte(elementTag);
    }
  } catch (error) {
    throw FieldError.within(error, `[${i}]`);
  }
}

function readValue(reader: protobuf.ProtoReader, depth: number): Value {
  let value: Value | undefined;
  while (reader.hasMore) {
    const tag = reader.tag();
    const kind = kinds[tag >>> 3];
    if (kind === undefined) {
      reader.skip(tag);
    } else {
      if (value !== undefined) throw new FieldError('has more than one kind');
      value = readKind(reader, tag, depth);
    }
  }
  if (value === undefined) throw new FieldError(`has no kind, want one of ${kinds.slice(1).join(', ')}`);
  return value;
}

function readKind(reader: protobuf.ProtoReader, tag: number, depth: number): Value {
  switch (tag) {
    case tags.string:
      return reader.text();
    case tags.int64:
      return reader.zigzag64();
    case tags.double:
      return reader.double();
    case tags.bool:
      return reader.uint64() !== 0n;
    case tags.bytes:
      return reader.bytes();
    case tags.null:
      reader.uint64();
      return null;
    case tags.list:
      return readList(reader, depth + 1);
    default:
      throw new FieldError(`has the wire type ${tag % 8}, which ${kinds[tag >>> 3]} does not have`);
  }
}

function readList(reader: protobuf.ProtoReader, depth: number): Value[] {
  const outerEnd = reader.enter();
  const values = readValues(reader, depth);
  reader.leave(outerEnd);
  return values;
}

function readValues(reader: protobuf.ProtoReader, depth: number): Value[] {
  checkDepth(depth);
  const values: Value[] = [];
  try {
    while (reader.hasMore) {
      const tag = reader.tag();
      if (tag !== elementTag) reader.skip(tag);
      else {
        const outerEnd = reader.enter();
        values.push(readValue(reader, depth));
        reader.leave(outerEnd);
      }
    }
  } catch (error) {
    throw FieldError.within(error, `[${values.length}]`);
  }
  return values;
}

function checkDepth(depth: number): void {
  if (depth > depthMax) throw new FieldError(`has lists nested more than ${depthMax} deep`);
}

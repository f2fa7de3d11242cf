/**
 * What a field is made of on the wire: a tag, then a scalar or a message with its length.
 */
import type { MessageCodec } from './message.js';
import { FieldError, type ProtoReader } from './reader.js';
import type { Scalar } from './scalars.js';
import { type ProtoWriter, wireType } from './writer.js';

/** Writes a scalar with its tag. */
export function writeScalar<V>(
  writer: ProtoWriter,
  value: V,
  { number, scalar }: { number: number; scalar: Scalar<V> },
): void {
  scalar.write(writer, value);
  writer.tag(number, scalar.wire);
}

/** Reads a scalar whose tag has been read. */
export function readScalar<V>(reader: ProtoReader, tag: number, scalar: Scalar<V>): V {
  expectWire(tag, scalar.wire);
  return scalar.read(reader);
}

/** Writes a message with its length and its tag. */
export function writeNested<T>(
  writer: ProtoWriter,
  value: T,
  { number, codec }: { number: number; codec: MessageCodec<T> },
): void {
  const mark = writer.length;
  codec.write(writer, value);
  writer.varint(writer.length - mark);
  writer.tag(number, wireType.bytes);
}

/** Reads a message whose tag has been read. */
export function readNested<T>(reader: ProtoReader, codec: MessageCodec<T>): T {
  const outerEnd = reader.enter();
  const value = codec.read(reader);
  reader.leave(outerEnd);
  return value;
}

/** Refuses a tag whose wire type is not the field's. */
export function expectWire(tag: number, wire: number): void {
  if (tag % 8 !== wire) throw new FieldError(`has the wire type ${tag % 8}, want ${wire}`);
}

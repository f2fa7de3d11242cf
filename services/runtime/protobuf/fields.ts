/**
 * Fields that hold one scalar or one message, with the presence rules of proto3.
 */
import type { Field, MessageCodec } from './message.js';
import { expectWire, readNested, readScalar, writeNested, writeScalar } from './parts.js';
import { FieldError } from './reader.js';
import type { Scalar } from './scalars.js';
import { wireType } from './writer.js';

/** A field that always has a value; the scalar's zero is not sent. */
export function field<V>(number: number, scalar: Scalar<V>): Field<V> {
  return {
    numbers: [number],
    absent: () => scalar.zero,
    write(writer, value) {
      if (value !== scalar.zero) writeScalar(writer, value, { number, scalar });
    },
    read: (reader, tag) => readScalar(reader, tag, scalar),
  };
}

/** A field whose zero means the same as an absent property. */
export function optional<V>(number: number, scalar: Scalar<V>): Field<V | undefined> {
  return {
    numbers: [number],
    absent: () => undefined,
    write(writer, value) {
      if (value !== undefined && value !== scalar.zero) writeScalar(writer, value, { number, scalar });
    },
    read(reader, tag) {
      const value = readScalar(reader, tag, scalar);
      return value === scalar.zero ? undefined : value;
    },
  };
}

/** The same, where zero is no value that the property may have: it is refused instead of being lost on the way. */
export function nonZero<V>(number: number, scalar: Scalar<V>): Field<V | undefined> {
  return {
    ...optional(number, scalar),
    write(writer, value) {
      if (value === scalar.zero)
        throw new FieldError(`is ${value === '' ? 'empty' : String(value)}, leave it out instead`);
      if (value !== undefined) writeScalar(writer, value, { number, scalar });
    },
  };
}

/** A field declared `optional` in the proto: absent and zero are different. */
export function present<V>(number: number, scalar: Scalar<V>): Field<V | undefined> {
  return {
    numbers: [number],
    absent: () => undefined,
    write(writer, value) {
      if (value !== undefined) writeScalar(writer, value, { number, scalar });
    },
    read: (reader, tag) => readScalar(reader, tag, scalar),
  };
}

/** A field that must be given: refused when absent. */
export function required<V>(inner: Field<V | undefined>): Field<V> {
  return {
    numbers: inner.numbers,
    absent() {
      throw new FieldError('is missing');
    },
    write: (writer, value) => inner.write(writer, value),
    read: (reader, tag, before) => inner.read(reader, tag, before) as V,
  };
}

/** A field whose property has a value of its own when the field is not sent. */
export function withDefault<V>(inner: Field<V | undefined>, value: V): Field<V> {
  return {
    ...inner,
    absent: () => value,
    read: (reader, tag, before) => inner.read(reader, tag, before) ?? value,
  };
}

/** A message in a field; absent when it is not sent. */
export function nested<T>(number: number, codec: MessageCodec<T>): Field<T | undefined> {
  return {
    numbers: [number],
    absent: () => undefined,
    write(writer, value) {
      if (value !== undefined) writeNested(writer, value, { number, codec });
    },
    read(reader, tag) {
      expectWire(tag, wireType.bytes);
      return readNested(reader, codec);
    },
  };
}

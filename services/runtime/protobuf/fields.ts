/**
 * The kinds of fields that messages are built from, with the presence rules of proto3.
 */
import type { Field, MessageCodec } from './message.js';
import { FieldError, type ProtoReader } from './reader.js';
import type { Scalar } from './scalars.js';
import { type ProtoWriter, wireType } from './writer.js';

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

/** A list that is absent when it is empty. */
export function listOrAbsent<V>(inner: Field<readonly V[]>): Field<readonly V[] | undefined> {
  return {
    ...inner,
    absent: () => undefined,
    write(writer, values) {
      if (values !== undefined) inner.write(writer, values);
    },
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

/** A list of messages. Errors name the element: `within [2]`. */
export function repeated<T>(number: number, codec: MessageCodec<T>): Field<readonly T[]> {
  return {
    numbers: [number],
    absent: () => [],
    write(writer, values) {
      for (let i = values.length - 1; i >= 0; i--) {
        try {
          writeNested(writer, values[i] as T, { number, codec });
        } catch (error) {
          throw FieldError.within(error, `[${i}]`);
        }
      }
    },
    read(reader, tag, before) {
      expectWire(tag, wireType.bytes);
      const values = (before ?? []) as T[];
      try {
        values.push(readNested(reader, codec));
      } catch (error) {
        throw FieldError.within(error, `[${values.length}]`);
      }
      return values;
    },
  };
}

/** A list of scalars that are varints; written packed, read both ways. */
export function packed<V>(number: number, scalar: Scalar<V>): Field<readonly V[]> {
  return {
    numbers: [number],
    absent: () => [],
    write(writer, values) {
      if (values.length === 0) return;
      const mark = writer.length;
      for (let i = values.length - 1; i >= 0; i--) scalar.write(writer, values[i] as V);
      writer.varint(writer.length - mark);
      writer.tag(number, wireType.bytes);
    },
    read(reader, tag, before) {
      const values = (before ?? []) as V[];
      if (tag % 8 === wireType.bytes) {
        const outerEnd = reader.enter();
        while (reader.hasMore) values.push(scalar.read(reader));
        reader.leave(outerEnd);
      } else values.push(readScalar(reader, tag, scalar));
      return values;
    },
  };
}

/** A union told apart by `kind`, as a oneof of messages that hold the other properties. Exactly one must be sent. */
export function oneOf<T extends { readonly kind: string }>(cases: Cases<T>): Field<T> {
  const byNumber = new Map(
    Object.entries<Case>(cases).map(([kind, { number, codec }]) => [number, { kind, codec }]),
  );
  return {
    numbers: [...byNumber.keys()],
    absent() {
      throw new FieldError(`is missing, want one of ${Object.keys(cases).join(', ')}`);
    },
    write(writer, value) {
      writeNested<object>(writer, value, cases[value.kind as T['kind']] as Case);
    },
    read(reader, tag, before) {
      const found = byNumber.get(tag >>> 3);
      if (found === undefined || before !== undefined) throw new FieldError('has more than one kind');
      expectWire(tag, wireType.bytes);
      const { kind, codec } = found;
      try {
        return { kind, ...readNested(reader, codec) } as unknown as T;
      } catch (error) {
        throw FieldError.within(error, kind);
      }
    },
  };
}

/** The number and the codec of each kind of a union. */
export type Cases<T extends { readonly kind: string }> = {
  readonly [K in T['kind']]: {
    readonly number: number;
    readonly codec: MessageCodec<Omit<Extract<T, { kind: K }>, 'kind'>>;
  };
};

interface Case {
  readonly number: number;
  readonly codec: MessageCodec<object>;
}

function writeScalar<V>(
  writer: ProtoWriter,
  value: V,
  { number, scalar }: { number: number; scalar: Scalar<V> },
): void {
  scalar.write(writer, value);
  writer.tag(number, scalar.wire);
}

function readScalar<V>(reader: ProtoReader, tag: number, scalar: Scalar<V>): V {
  expectWire(tag, scalar.wire);
  return scalar.read(reader);
}

function writeNested<T>(
  writer: ProtoWriter,
  value: T,
  { number, codec }: { number: number; codec: MessageCodec<T> },
): void {
  const mark = writer.length;
  codec.write(writer, value);
  writer.varint(writer.length - mark);
  writer.tag(number, wireType.bytes);
}

function readNested<T>(reader: ProtoReader, codec: MessageCodec<T>): T {
  const outerEnd = reader.enter();
  const value = codec.read(reader);
  reader.leave(outerEnd);
  return value;
}

function expectWire(tag: number, wire: number): void {
  if (tag % 8 !== wire) throw new FieldError(`has the wire type ${tag % 8}, want ${wire}`);
}

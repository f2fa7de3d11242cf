/**
 * Fields that hold lists.
 */
import type { Field, MessageCodec } from './message.js';
import { expectWire, readNested, readScalar, writeNested, writeScalar } from './parts.js';
import { FieldError } from './reader.js';
import { type Scalar, text } from './scalars.js';
import { wireType } from './writer.js';

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

/** A message whose only field, number 1, is a list of messages; stands for the list itself. */
export function listOf<T>(codec: MessageCodec<T>): MessageCodec<readonly T[]> {
  const list = repeated(1, codec);
  return {
    write: (writer, values) => list.write(writer, values),
    read(reader) {
      let values = list.absent();
      while (reader.hasMore) {
        const tag = reader.tag();
        if (tag >>> 3 === 1) values = list.read(reader, tag, values);
        else reader.skip(tag);
      }
      return values;
    },
  };
}

/** A list of texts. */
export function texts(number: number): Field<readonly string[]> {
  return {
    numbers: [number],
    absent: () => [],
    write(writer, values) {
      for (const value of values.toReversed()) writeScalar(writer, value, { number, scalar: text });
    },
    read: (reader, tag, before) => [...(before ?? []), readScalar(reader, tag, text)],
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

/**
 * Codecs for protobuf messages, built from a table of fields: straight between bytes and domain types, without an object between
 * them. The proto file stays the truth; a property test holds every table against it.
 */
import { FieldError, ProtoReader } from './reader.js';
import { ProtoWriter } from './writer.js';

/** Writes and reads one type of message. */
export interface MessageCodec<T> {
  /** Writes the fields, the last first. Throws `FieldError`. */
  write(writer: ProtoWriter, message: T): void;
  /** Reads while the reader has more. Throws `FieldError`. */
  read(reader: ProtoReader): T;
}

/** A property of a domain type, and the field or the fields of a oneof that hold it. */
export interface Field<V> {
  readonly numbers: readonly number[];
  /** What the property is when the field is not there; undefined leaves it out. */
  absent(): V;
  write(writer: ProtoWriter, value: V): void;
  /** `before` is what an earlier occurrence gave. */
  read(reader: ProtoReader, tag: number, before: V | undefined): V;
}

/** The fields of a message by property. */
export type Fields<T> = { readonly [K in keyof Required<T>]: Field<T[K]> };

/** The bytes of a message. `sizeHint`: about how many there will be, if they are many. Errors: invalid_argument, naming the field's path. */
export function encodeMessage<T>(codec: MessageCodec<T>, value: T, sizeHint = 0): Buffer {
  const isLarge = sizeHint > largeBytes;
  // A codec may encode another message within; so one writer is not enough.
  const writer = isLarge ? new ProtoWriter(sizeHint) : (idle.pop() ?? new ProtoWriter());
  try {
    codec.write(writer, value);
    return writer.finish();
  } catch (error) {
    writer.clear();
    throw error instanceof FieldError ? error.toServiceError() : error;
  } finally {
    if (!isLarge) idle.push(writer);
  }
}

/** Writers for the next messages; as many as were ever at work at once. */
const idle: ProtoWriter[] = [];
const largeBytes = 16 * 1024;

/** The message of some bytes. Errors: invalid_argument, naming the field's path. */
export function decodeMessage<T>(codec: MessageCodec<T>, bytes: Buffer): T {
  try {
    return codec.read(new ProtoReader(bytes));
  } catch (error) {
    throw error instanceof FieldError ? error.toServiceError() : error;
  }
}

/** A message whose properties are fields. */
export function message<T extends object>(fields: Fields<T>): MessageCodec<T> {
  const table: Entry[] = Object.entries<Field<unknown>>(fields).map(([name, field]) => ({ name, field }));
  const lastFirst = [...table].sort((a, b) => (b.field.numbers[0] ?? 0) - (a.field.numbers[0] ?? 0));
  const byNumber: Entry[] = [];
  for (const entry of table) for (const number of entry.field.numbers) byNumber[number] = entry;
  return {
    write(writer, value) {
      for (const { name, field } of lastFirst) {
        const property = (value as Record<string, unknown>)[name];
        if (property === undefined) continue;
        try {
          field.write(writer, property);
        } catch (error) {
          throw FieldError.within(error, name);
        }
      }
    },
    read(reader) {
      const read: Record<string, unknown> = {};
      while (reader.hasMore) {
        const tag = reader.tag();
        const entry = byNumber[tag >>> 3];
        if (entry === undefined) reader.skip(tag);
        else readField(reader, read, { tag, entry });
      }
      for (const { name, field } of table) {
        if (read[name] === undefined) setAbsent(read, name, field);
      }
      return read as T;
    },
  };
}

/** A codec for another shape of the same message. `read` may throw `FieldError`. */
export function mapped<T, W>(
  codec: MessageCodec<W>,
  shape: { write: (value: T) => W; read: (wire: W) => T },
): MessageCodec<T> {
  return {
    write: (writer, value) => codec.write(writer, shape.write(value)),
    read: (reader) => shape.read(codec.read(reader)),
  };
}

interface Entry {
  readonly name: string;
  readonly field: Field<unknown>;
}

function readField(
  reader: ProtoReader,
  read: Record<string, unknown>,
  { tag, entry }: { tag: number; entry: Entry },
): void {
  try {
    read[entry.name] = entry.field.read(reader, tag, read[entry.name]);
  } catch (error) {
    throw FieldError.within(error, entry.name);
  }
}

function setAbsent(read: Record<string, unknown>, name: string, field: Field<unknown>): void {
  try {
    const value = field.absent();
    if (value !== undefined) read[name] = value;
    // A field that was sent with a value that stands for none.
    else if (name in read) delete read[name];
  } catch (error) {
    throw FieldError.within(error, name);
  }
}

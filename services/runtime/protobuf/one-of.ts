/**
 * Fields that hold one of several messages.
 */
import type { Field, MessageCodec } from './message.js';
import { expectWire, readNested, writeNested } from './parts.js';
import { FieldError } from './reader.js';
import { wireType } from './writer.js';

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

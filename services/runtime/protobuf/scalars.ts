/**
 * The scalars that fields are made of. What does not fit is refused on both ways, never cut.
 */
import { FieldError, type ProtoReader } from './reader.js';
import { type ProtoWriter, wireType } from './writer.js';

/** A type of scalar: its wire type, the value that proto3 leaves out, and how it is written and read. */
export interface Scalar<V> {
  readonly wire: number;
  readonly zero: V;
  write(writer: ProtoWriter, value: V): void;
  read(reader: ProtoReader): V;
}

export const uint32: Scalar<number> = {
  wire: wireType.varint,
  zero: 0,
  write: (writer, value) => writer.varint(checkInteger(value, 0, 0xff_ff_ff_ff)),
  read: (reader) => reader.uint32(),
};

export const uint64: Scalar<bigint> = {
  wire: wireType.varint,
  zero: 0n,
  write(writer, value) {
    if (value !== BigInt.asUintN(64, value)) throw new FieldError(`is ${value}, want 0 to 2^64-1`);
    writer.varint64(value);
  },
  read: (reader) => reader.uint64(),
};

/** uint64 where a number is enough: counts. */
export const count64: Scalar<number> = {
  wire: wireType.varint,
  zero: 0,
  write: (writer, value) => writer.varint(checkInteger(value, 0, Number.MAX_SAFE_INTEGER)),
  read: (reader) => reader.safeInteger({ isSigned: false }),
};

/** int64 where a number is enough: times and durations in ms. A fraction is rounded up. */
export const ms64: Scalar<number> = {
  wire: wireType.varint,
  zero: 0,
  write(writer, value) {
    const whole = checkInteger(Math.ceil(value), Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    if (whole >= 0) writer.varint(whole);
    else writer.varint64(BigInt.asUintN(64, BigInt(whole)));
  },
  read: (reader) => reader.safeInteger({ isSigned: true }),
};

export const bool: Scalar<boolean> = {
  wire: wireType.varint,
  zero: false,
  write: (writer, value) => writer.varint(value ? 1 : 0),
  read: (reader) => reader.uint64() !== 0n,
};

export const text: Scalar<string> = {
  wire: wireType.bytes,
  zero: '',
  write: (writer, value) => writer.text(value),
  read: (reader) => reader.text(),
};

/** An enum whose number 0 means "not given" and is refused; `names` begin with that of number 1. */
export function enumOf<V extends string>(names: readonly V[]): Scalar<V> {
  return {
    wire: wireType.varint,
    zero: '' as V,
    write: (writer, value) => writer.varint(names.indexOf(value) + 1),
    read(reader) {
      const name = names[reader.uint32() - 1];
      if (name === undefined) throw new FieldError(`is unknown, want one of ${names.join(', ')}`);
      return name;
    },
  };
}

function checkInteger(value: number, low: number, high: number): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new FieldError(`is ${value}, want an integer from ${low} to ${high}`);
}

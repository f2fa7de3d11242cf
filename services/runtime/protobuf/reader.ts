/**
 * Reads protobuf bytes strictly: what is cut short, out of range or not UTF-8 is refused. (Libraries are lenient there, and two
 * readers that disagree on a damaged message are worse than an error.)
 * Source: https://protobuf.dev/programming-guides/encoding
 */
import { isUtf8 } from 'node:buffer';
import { invalidArgument, type ServiceError } from '../errors.js';
import { shortText, shortTextMax } from './short-text.js';
import { wireType } from './writer.js';

/** What is wrong with a message, and where; the path grows as the error travels out of nested messages. */
export class FieldError extends Error {
  #path = '';

  /** The same error, seen from one level further out. `field` is a name, or an index such as `[2]`. */
  within(field: string): this {
    const dot = this.#path === '' || this.#path.startsWith('[') ? '' : '.';
    this.#path = `${field}${dot}${this.#path}`;
    return this;
  }

  /** The error of a step of a codec, seen from the field that the step was about. */
  static within(error: unknown, field: string): unknown {
    return error instanceof FieldError ? error.within(field) : error;
  }

  /** As an answer to the sender: invalid_argument with the field's path. */
  toServiceError(): ServiceError {
    return invalidArgument(this.#path === '' ? 'message' : this.#path, this.message);
  }
}

export class ProtoReader {
  readonly #buffer: Buffer;
  #position = 0;
  #end: number;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
    this.#end = buffer.length;
  }

  /** True while the message at hand has more fields. */
  get hasMore(): boolean {
    return this.#position < this.#end;
  }

  /** The next tag: the field's number times eight plus the wire type. */
  tag(): number {
    const tag = this.uint32();
    if (tag < 8) throw new FieldError('has a field with the number 0');
    return tag;
  }

  /** An unsigned integer up to 2^32-1. */
  uint32(): number {
    const first = this.#buffer[this.#position];
    if (first !== undefined && first < 0x80 && this.#position < this.#end) {
      this.#position += 1;
      return first;
    }
    const value = this.#varint();
    if (value > 0xff_ff_ff_ff) throw new FieldError('is over 2^32-1');
    return Number(value);
  }

  /** An unsigned integer of 64 bits. */
  uint64(): bigint {
    const raw = this.#varint();
    return typeof raw === 'number' ? bigintOf(raw) : raw;
  }

  /** An integer of 64 bits that JavaScript can hold as a number. `isSigned` reads int64, else uint64. */
  safeInteger({ isSigned }: { isSigned: boolean }): number {
    const raw = this.#varint();
    if (typeof raw === 'number') return raw;
    const value = Number(isSigned ? BigInt.asIntN(64, raw) : raw);
    if (!Number.isSafeInteger(value)) throw new FieldError(`is ${value}, want an integer within ±(2^53-1)`);
    return value;
  }

  /** A signed integer of 64 bits, zigzag: sint64. */
  zigzag64(): bigint {
    const raw = this.#varint();
    if (typeof raw === 'number') {
      const isNegative = raw % 2 === 1;
      return bigintOf(isNegative ? -(raw + 1) / 2 : raw / 2);
    }
    return (raw >> 1n) ^ -(raw & 1n);
  }

  double(): number {
    return this.#buffer.readDoubleLE(this.#advance(8));
  }

  /** A copy of the bytes, so that a small value does not keep a large message alive. */
  bytes(): Uint8Array {
    return new Uint8Array(this.view());
  }

  /** The bytes in place. */
  view(): Buffer {
    const size = this.uint32();
    const start = this.#advance(size);
    return this.#buffer.subarray(start, start + size);
  }

  text(): string {
    const size = this.uint32();
    const start = this.#advance(size);
    if (size <= shortTextMax) {
      const short = shortText(this.#buffer, start, start + size);
      if (short !== undefined) return short;
    }
    const bytes = this.#buffer.subarray(start, start + size);
    if (!isUtf8(bytes)) throw new FieldError('is not UTF-8');
    return bytes.toString();
  }

  /** Enters a nested message: `hasMore` then speaks of it. Pass the result to `leave` when it has been read. */
  enter(): number {
    const size = this.uint32();
    const outerEnd = this.#end;
    this.#end = this.#advance(size) + size;
    this.#position = this.#end - size;
    return outerEnd;
  }

  leave(outerEnd: number): void {
    this.#end = outerEnd;
  }

  /** Passes over the value of an unknown field. */
  skip(tag: number): void {
    switch (tag % 8) {
      case wireType.varint:
        this.#varint();
        return;
      case wireType.fixed64:
        this.#advance(8);
        return;
      case wireType.bytes:
        this.#advance(this.uint32());
        return;
      case wireType.fixed32:
        this.#advance(4);
        return;
      default:
        throw new FieldError(`has a field of the unknown wire type ${tag % 8}`);
    }
  }

  /** A number where it fits, else a bigint of up to 64 bits. */
  #varint(): number | bigint {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 7; i++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
    let large = BigInt(value);
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      large |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (large >= 1n << 64n) break;
        return large <= maxSafe ? Number(large) : large;
      }
    }
    throw new FieldError('has an integer of more than 64 bits');
  }

  #byte(): number {
    const byte = this.#buffer[this.#advance(1)];
    return byte as number;
  }

  /** Moves over so many bytes; their index. */
  #advance(size: number): number {
    const start = this.#position;
    if (size > this.#end - start) throw new FieldError('is cut short');
    this.#position = start + size;
    return start;
  }
}

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);

/** Most integers are small, and a bigint that is there already costs neither time nor memory. */
const smallIntegers = Array.from({ length: 256 }, (_, i) => BigInt(i));

function bigintOf(integer: number): bigint {
  return integer >= 0 && integer < smallIntegers.length
    ? (smallIntegers[integer] as bigint)
    : BigInt(integer);
}

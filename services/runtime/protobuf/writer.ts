/**
 * Writes protobuf bytes, back to front: a message's length is then known when its prefix is due, so that nothing is measured or
 * moved. Callers therefore write the last field first, and each field's value before its tag.
 * Source: https://protobuf.dev/programming-guides/encoding
 */

/** How a field's value is laid out; the low three bits of its tag. */
export const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Messages up to this many bytes are copied out of the writer, which then needs no new buffer; longer ones take it with them. */
const copyMax = 16 * 1024;
/** Texts up to this many characters are written character by character, which is faster than a call of the library. */
const shortTextMax = 64;
const bufferBytesMin = 1_024;
const noBytes = Buffer.alloc(0);

export class ProtoWriter {
  #buffer: Buffer;
  /** Index of the first byte written so far. */
  #start: number;

  /** @param sizeHint bytes expected; a good guess saves copying */
  constructor(sizeHint = 1_024) {
    this.#buffer = Buffer.allocUnsafe(sizeHint);
    this.#start = sizeHint;
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#buffer.length - this.#start;
  }

  /** All that was written, first byte first; the writer is empty again. */
  finish(): Buffer {
    const written = this.#buffer.subarray(this.#start);
    this.#start = this.#buffer.length;
    if (written.length > copyMax) {
      this.#buffer = noBytes;
      this.#start = 0;
      return written;
    }
    const copy = Buffer.allocUnsafe(written.length);
    copy.set(written);
    return copy;
  }

  /** Forgets what was written. */
  clear(): void {
    this.#start = this.#buffer.length;
  }

  tag(field: number, type: number): void {
    this.varint(field * 8 + type);
  }

  byte(value: number): void {
    if (this.#start === 0) this.#grow(1);
    this.#start -= 1;
    this.#buffer[this.#start] = value;
  }

  /** An unsigned integer up to 2^53-1. */
  varint(value: number): void {
    if (value < 0x80) {
      this.byte(value);
      return;
    }
    const size = varintSize(value);
    let at = this.#reserve(size);
    let rest = value;
    while (rest > 0x7f_ff_ff_ff) {
      this.#buffer[at++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    while (rest > 0x7f) {
      this.#buffer[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[at] = rest;
  }

  /** An unsigned integer of 64 bits. */
  varint64(value: bigint): void {
    if (value <= maxSafe) {
      this.varint(Number(value));
      return;
    }
    let rest = value;
    const bytes: number[] = [];
    while (rest > 0x7fn) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    const at = this.#reserve(bytes.length);
    this.#buffer.set(bytes, at);
  }

  /** A signed integer of 64 bits, zigzag: sint64. */
  zigzag64(value: bigint): void {
    if (value >= minZigzag && value <= maxZigzag) {
      const small = Number(value);
      this.varint(small < 0 ? -2 * small - 1 : 2 * small);
    } else {
      this.varint64(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
    }
  }

  double(value: number): void {
    const at = this.#reserve(8);
    this.#buffer.writeDoubleLE(value, at);
  }

  /** Bytes with their length before them. */
  bytes(value: Uint8Array): void {
    const at = this.#reserve(value.length);
    this.#buffer.set(value, at);
    this.varint(value.length);
  }

  /** Text as UTF-8 with its length before it. */
  text(value: string): void {
    const { length } = value;
    if (length > shortTextMax || !this.#ascii(value)) {
      const size = Buffer.byteLength(value);
      // First, since it may replace the buffer.
      const at = this.#reserve(size);
      this.#buffer.write(value, at);
      this.varint(size);
    } else this.varint(length);
  }

  /** Writes a short text that is ASCII, which most are; false, and nothing is written, when it is not. */
  #ascii(value: string): boolean {
    const at = this.#reserve(value.length);
    const buffer = this.#buffer;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) {
        this.#start += value.length;
        return false;
      }
      buffer[at + i] = code;
    }
    return true;
  }

  /** Makes room for so many bytes before what is written; their index. May replace the buffer. */
  #reserve(size: number): number {
    if (this.#start < size) this.#grow(size);
    this.#start -= size;
    return this.#start;
  }

  #grow(size: number): void {
    const used = this.length;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, used + size, bufferBytesMin));
    this.#buffer.copy(grown, grown.length - used, this.#start);
    this.#start = grown.length - used;
    this.#buffer = grown;
  }
}

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);
const maxZigzag = 2n ** 51n;
const minZigzag = -maxZigzag;

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

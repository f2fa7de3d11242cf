/**
 * The bytes of a dump, cut into parts that a store can keep each as one value. A record is a byte for its kind, four for its length
 * (lowest first), and its bytes; it may begin in one part and end in a later one.
 */
import { ServiceError } from '../../../runtime/index.js';
import { type EncodedRecord, encodeRecord } from './dump-codec.js';
import type { DumpRecord } from './dump-shapes.js';

/** Most bytes of one part. */
const partBytesMax = 256 * 1024;

const frameBytes = 5;

/** The parts of these records; each is new. */
export function* partsOf(records: Iterable<DumpRecord>): Generator<Uint8Array> {
  let part = Buffer.allocUnsafe(partBytesMax);
  let length = 0;
  for (const record of records) {
    const { number, bytes } = encodeRecord(record);
    const frame = Buffer.allocUnsafe(frameBytes);
    frame[0] = number;
    frame.writeUInt32LE(bytes.length, 1);
    for (const piece of [frame, bytes]) {
      for (let start = 0; start < piece.length; ) {
        if (length === partBytesMax) {
          yield part;
          part = Buffer.allocUnsafe(partBytesMax);
          length = 0;
        }
        const copied = piece.copy(part, length, start);
        start += copied;
        length += copied;
      }
    }
  }
  yield part.subarray(0, length);
}

/** Finds the records in the parts of a dump, given one after the other. */
export class RecordReader {
  /** Bytes that do not make a whole record yet. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** So many are needed for the next record to be whole, as far as it is known. */
  #neededBytes = frameBytes;

  /** The records that end in this part. */
  *read(part: Uint8Array): Generator<EncodedRecord> {
    this.#rest.push(Buffer.from(part.buffer, part.byteOffset, part.length));
    this.#restBytes += part.length;
    if (this.#restBytes < this.#neededBytes) return;
    const bytes = this.#rest.length === 1 ? (this.#rest[0] as Buffer) : Buffer.concat(this.#rest);
    let start = 0;
    for (;;) {
      const left = bytes.length - start;
      const size = left < frameBytes ? frameBytes : frameBytes + bytes.readUInt32LE(start + 1);
      this.#neededBytes = size;
      if (left < size || left === 0) break;
      yield { number: bytes[start] as number, bytes: bytes.subarray(start + frameBytes, start + size) };
      start += size;
    }
    // A copy, so that a few bytes do not keep the whole part.
    this.#rest = [Buffer.from(bytes.subarray(start))];
    this.#restBytes = bytes.length - start;
  }

  /** Errors: failed_precondition when the last record is not whole. */
  finish(): void {
    if (this.#restBytes > 0) throw malformed('its last record is cut short');
  }
}

/** The error for a dump that cannot be restored. Code: failed_precondition. */
export function malformed(problem: string, cause?: unknown): ServiceError {
  return new ServiceError('failed_precondition', `dump: ${problem}`, { cause });
}

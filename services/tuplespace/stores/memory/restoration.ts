/**
 * The records of a whole machine, and their way back into a new one.
 */
import type { Callers } from './callers.js';
import { decodeRecord, dumpFormat, type EncodedRecord, headerNumber } from './dump-codec.js';
import { malformed, RecordReader } from './dump-parts.js';
import type { DumpRecord, SpaceRecord } from './dump-shapes.js';
import type { Spaces } from './spaces.js';

/** What a dump is of. */
interface Dumped {
  readonly callers: Callers;
  readonly spaces: Spaces;
}

export function* recordsOf({ callers, spaces }: Dumped): Generator<DumpRecord> {
  let recordCount = 0;
  for (const record of statesOf({ callers, spaces })) {
    recordCount += 1;
    yield record;
  }
  yield { kind: 'end', state: { recordCount } };
}

function* statesOf({ callers, spaces }: Dumped): Generator<DumpRecord> {
  yield { kind: 'header', state: { format: dumpFormat } };
  yield* callers.dump();
  yield* spaces.dump();
}

/** Takes the parts of a dump, one after the other. Errors: failed_precondition. */
export class Restoration {
  readonly #callers: Callers;
  readonly #spaces: Spaces;
  readonly #reader = new RecordReader();
  #recordCount = 0;
  #isEnded = false;
  /** Takes the records of the space that came last. */
  #takeState: ((record: SpaceRecord) => void) | undefined;

  constructor({ callers, spaces }: Dumped) {
    this.#callers = callers;
    this.#spaces = spaces;
  }

  take(part: Uint8Array): void {
    for (const encoded of this.#reader.read(part)) {
      this.#takeRecord(this.#recordCount === 0 ? headerOf(encoded) : recordOf(encoded, this.#recordCount));
      this.#recordCount += 1;
    }
  }

  finish(): void {
    this.#reader.finish();
    if (!this.#isEnded) throw malformed(`it ends after ${this.#recordCount} records, and not with its end`);
    this.#spaces.wake();
  }

  #takeRecord(record: DumpRecord): void {
    if (this.#isEnded) throw malformed('it goes on after its end');
    switch (record.kind) {
      case 'header':
        this.#spaces.clear();
        break;
      case 'token':
      case 'epoch':
        this.#callers.restore(record);
        break;
      case 'space':
        this.#takeState = this.#spaces.restore(record.state);
        break;
      case 'end':
        this.#end(record.state.recordCount);
        break;
      default:
        if (this.#takeState === undefined) throw malformed(`it has a ${record.kind} of no space`);
        this.#takeState(record);
    }
  }

  #end(recordCount: number): void {
    if (recordCount !== this.#recordCount) {
      throw malformed(`it has ${this.#recordCount} records before its end, and had ${recordCount}`);
    }
    this.#isEnded = true;
  }
}

/** The first record, which says what the others are. */
function headerOf(encoded: EncodedRecord): DumpRecord {
  const header = encoded.number === headerNumber ? recordOf(encoded, 0) : undefined;
  if (header?.kind !== 'header') throw malformed('it does not begin with a header');
  const { format } = header.state;
  if (format !== dumpFormat) throw malformed(`it is of format ${format}, this version reads ${dumpFormat}`);
  return header;
}

function recordOf(encoded: EncodedRecord, place: number): DumpRecord {
  let record: DumpRecord | undefined;
  try {
    record = decodeRecord(encoded);
  } catch (error) {
    throw malformed(`record ${place} of kind ${encoded.number} is malformed`, error);
  }
  if (record === undefined) throw malformed(`record ${place} is of the unknown kind ${encoded.number}`);
  return record;
}

/**
 * The audit of a space: its refused writes, as many of the newest as the bounds allow.
 */
import type { Caller } from '../../caller.js';
import type { CheckedTuple } from '../../checks-tuple.js';
import type { AuditEntry, ReadAuditAnswer } from '../../space.js';
import type { DumpRecord, RefusalShape } from './dump-shapes.js';

/** Canonical bytes of the refused tuples that are kept. */
const bytesMax = 16 * 1024 * 1024;

interface Refusal {
  readonly rule: string;
  readonly caller: Caller;
  readonly tuple: CheckedTuple;
  /** 0 where no tuple stood in the way. */
  readonly standingId: bigint;
  readonly atMs: number;
}

export class Audit {
  readonly #entriesMax: number;
  readonly #entries: RefusalShape[] = [];
  #bytes = 0;
  #droppedCount = 0;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  add({ rule, caller, tuple, standingId, atMs }: Refusal): void {
    const sequence = this.#droppedCount + this.#entries.length + 1;
    const entry: AuditEntry = {
      sequence,
      atMs,
      callerId: caller.id,
      callerEpoch: caller.epoch,
      rule,
      tuple: tuple.values,
      standingId,
    };
    this.#entries.push({ entry, bytes: tuple.bytes });
    this.#bytes += tuple.bytes;
    while (this.#entries.length > this.#entriesMax || this.#bytes > bytesMax) {
      this.#bytes -= this.#entries.shift()?.bytes ?? 0;
      this.#droppedCount += 1;
    }
  }

  read(afterSequence: number, limit: number): ReadAuditAnswer {
    const start = Math.max(0, afterSequence - this.#droppedCount);
    return {
      entries: this.#entries.slice(start, start + limit).map(({ entry }) => entry),
      droppedCount: this.#droppedCount,
    };
  }

  *dump(): Generator<DumpRecord<'audit' | 'refusal'>> {
    yield { kind: 'audit', state: { droppedCount: this.#droppedCount } };
    for (const state of this.#entries) yield { kind: 'refusal', state };
  }

  /** Takes the records of `dump`, in their order. */
  restore({ kind, state }: DumpRecord<'audit' | 'refusal'>): void {
    if (kind === 'audit') {
      this.#droppedCount = state.droppedCount;
      return;
    }
    this.#entries.push(state);
    this.#bytes += state.bytes;
  }
}

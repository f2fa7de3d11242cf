/**
 * The audit of a space: its refused acts, as many as the bounds allow, and how many there were of each caller and rule. Who is refused
 * most often makes room first, so that nobody can drive the acts of others out.
 */
import type { Caller } from '../../caller.js';
import type { AuditEntry, ReadAuditAnswer, RefusalCount } from '../../space.js';
import type { DumpRecord, RefusalShape } from './dump-shapes.js';
import type { Refusal } from './refusal.js';

/** Canonical bytes of the refused tuples that are kept. */
const bytesMax = 16 * 1024 * 1024;
/** Pairs of caller and rule that are counted each by itself. */
const countsMax = 10_000;
/** What is beyond that. */
const others = { callerId: '', rule: '' };

/** The entries of one caller, oldest first. */
interface CallerEntries {
  readonly entries: RefusalShape[];
  bytes: number;
}

export class Audit {
  readonly #entriesMax: number;
  readonly #byCaller = new Map<string, CallerEntries>();
  readonly #counts = new Map<string, { callerId: string; rule: string; count: number }>();
  #entryCount = 0;
  #bytes = 0;
  #lastSequence = 0;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  add(refusal: Refusal, { caller, atMs }: { readonly caller: Caller; readonly atMs: number }): void {
    const { operation, rule, tuple, template, standingId = 0n } = refusal;
    this.#lastSequence += 1;
    const entry: AuditEntry = {
      sequence: this.#lastSequence,
      atMs,
      callerId: caller.id,
      callerEpoch: caller.epoch,
      ...(caller.node !== undefined && { callerNode: caller.node }),
      operation,
      rule,
      tuple: tuple?.values ?? [],
      ...(template && { template }),
      standingId,
    };
    this.#keep({ entry, bytes: tuple?.bytes ?? 0 });
    this.#count({ callerId: caller.id, rule, count: 1 });
    while (this.#entryCount > this.#entriesMax || this.#bytes > bytesMax) this.#dropOne();
  }

  read(afterSequence: number, limit: number): ReadAuditAnswer {
    return {
      entries: this.#all()
        .map(({ entry }) => entry)
        .filter(({ sequence }) => sequence > afterSequence)
        .slice(0, limit),
      droppedCount: this.#lastSequence - this.#entryCount,
      refusals: this.#refusals(),
    };
  }

  *dump(): Generator<DumpRecord<'audit' | 'refusal'>> {
    yield { kind: 'audit', state: { lastSequence: this.#lastSequence, refusals: this.#refusals() } };
    for (const state of this.#all()) yield { kind: 'refusal', state };
  }

  /** Takes the records of `dump`, in their order. */
  restore({ kind, state }: DumpRecord<'audit' | 'refusal'>): void {
    if (kind === 'refusal') {
      this.#keep(state);
      return;
    }
    this.#lastSequence = state.lastSequence;
    for (const refusals of state.refusals) this.#count(refusals);
  }

  #refusals(): readonly RefusalCount[] {
    return [...this.#counts.values()].map((refusals) => ({ ...refusals }));
  }

  /** Oldest first. */
  #all(): RefusalShape[] {
    return [...this.#byCaller.values()]
      .flatMap(({ entries }) => entries)
      .sort((left, right) => left.entry.sequence - right.entry.sequence);
  }

  #keep(refused: RefusalShape): void {
    const { callerId } = refused.entry;
    const own = this.#byCaller.get(callerId) ?? { entries: [], bytes: 0 };
    this.#byCaller.set(callerId, own);
    own.entries.push(refused);
    own.bytes += refused.bytes;
    this.#entryCount += 1;
    this.#bytes += refused.bytes;
  }

  #count({ callerId, rule, count }: RefusalCount): void {
    const key = `${callerId} ${rule}`;
    const known = this.#counts.get(key);
    if (known !== undefined) known.count += count;
    else if (this.#counts.size < countsMax) this.#counts.set(key, { callerId, rule, count });
    else if (callerId !== others.callerId) this.#count({ ...others, count });
    else this.#counts.set(key, { ...others, count });
  }

  /** Drops the oldest entry of the caller that takes the most room; of several, of the one that was refused first. */
  #dropOne(): void {
    const isTooLarge = this.#bytes > bytesMax;
    const roomOf = ({ entries, bytes }: CallerEntries) => (isTooLarge ? bytes : entries.length);
    const firstOf = ({ entries }: CallerEntries) => entries[0]?.entry.sequence ?? 0;
    const [largest] = [...this.#byCaller.values()].sort(
      (left, right) => roomOf(right) - roomOf(left) || firstOf(left) - firstOf(right),
    );
    if (largest === undefined) return;
    const dropped = largest.entries.shift();
    if (dropped === undefined) return;
    largest.bytes -= dropped.bytes;
    this.#entryCount -= 1;
    this.#bytes -= dropped.bytes;
    if (largest.entries.length === 0) this.#byCaller.delete(dropped.entry.callerId);
  }
}

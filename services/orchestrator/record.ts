/**
 * The record of a round: its space, read tuple by tuple in the order of the space, as facts. Nothing is judged here; see outcome.ts.
 */
import type { GeneralId, Message, Vote } from '../consensus/index.js';
import type { End, KeyTuple, Lab, Report, RoundTuple, SeatTuple } from '../general-node/index.js';
import {
  isMessage,
  KeyRing,
  readClose,
  readDecision,
  readEnd,
  readKeyTuple,
  readLab,
  readMessage,
  readReport,
  readRound,
  readSeat,
} from '../general-node/index.js';
import type { StoredTuple } from '../tuplespace/index.js';

/** One tuple that carries votes, with its place in the order of the space. */
export interface RecordedTuple {
  readonly message: Message;
  readonly revision: bigint;
  /** Entries that could not be read. */
  readonly malformedCount: number;
}

export interface RoundRecord {
  readonly round: RoundTuple;
  readonly lab: Lab;
  readonly seats: readonly SeatTuple[];
  readonly startedAtMs: number;
  readonly messages: readonly RecordedTuple[];
  /** Vote tuples that say nothing. */
  readonly malformedCount: number;
  /** Vote tuples whose `from` is not their writer. */
  readonly forgedCount: number;
  /** Phase to the revision of its close. */
  readonly closes: ReadonlyMap<number, bigint>;
  readonly decisions: ReadonlyMap<GeneralId, RecordedDecision>;
  readonly reports: ReadonlyMap<GeneralId, Report>;
  /** The public keys of the generals; in signed mode alone. */
  readonly keys: KeyRing;
  readonly end: { readonly end: End; readonly atMs: number } | undefined;
}

export interface RecordedDecision {
  readonly vote: Vote;
  readonly revision: bigint;
  readonly atMs: number;
}

/** What a tuple turned out to be; for those who follow a record as it grows. */
export type Fact =
  | { readonly kind: 'round' }
  | { readonly kind: 'message'; readonly recorded: RecordedTuple }
  | { readonly kind: 'key'; readonly key: KeyTuple }
  | { readonly kind: 'close'; readonly phase: number }
  | { readonly kind: 'decision'; readonly general: GeneralId; readonly vote: Vote }
  | { readonly kind: 'seat'; readonly seat: SeatTuple }
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'end' }
  /** Anything else: briefs and keys, or a tuple that nobody asked for. */
  | { readonly kind: 'other' };

/** Collects a record; tuples come in the order of the space. */
export class RecordBuilder {
  #round: { round: RoundTuple; startedAtMs: number } | undefined;
  #lab: Lab | undefined;
  readonly #seats: SeatTuple[] = [];
  readonly #messages: RecordedTuple[] = [];
  #malformedCount = 0;
  #forgedCount = 0;
  readonly #closes = new Map<number, bigint>();
  readonly #decisions = new Map<GeneralId, RecordedDecision>();
  readonly #reports = new Map<GeneralId, Report>();
  readonly #keys = new KeyRing();
  #end: RoundRecord['end'];

  add(tuple: StoredTuple): Fact {
    if (isMessage(tuple, this.#round?.round.setting.mode)) return this.#addMessage(tuple);
    switch (tuple.values[0]) {
      case 'round':
        return this.#addRound(tuple);
      case 'close':
        return this.#addClose(tuple);
      case 'decision':
        return this.#addDecision(tuple);
      case 'report':
        return this.#addReport(tuple);
      case 'verdict':
      case 'cancelled':
        return this.#addEnd(tuple);
      case 'key': {
        const key = readKeyTuple(tuple);
        if (key === undefined) return { kind: 'other' };
        this.#keys.add(key);
        return { kind: 'key', key };
      }
      case 'lab':
        this.#lab ??= readLab(tuple);
        return { kind: 'other' };
      case 'seat':
        return this.#addSeat(tuple);
      default:
        return { kind: 'other' };
    }
  }

  /** The record so far; undefined before the orchestrator's own tuples have come. */
  build(): RoundRecord | undefined {
    if (this.#round === undefined || this.#lab === undefined) return undefined;
    return {
      ...this.#round,
      lab: this.#lab,
      seats: this.#seats,
      messages: this.#messages,
      malformedCount: this.#malformedCount,
      forgedCount: this.#forgedCount,
      closes: this.#closes,
      decisions: this.#decisions,
      reports: this.#reports,
      keys: this.#keys,
      end: this.#end,
    };
  }

  #addMessage(tuple: StoredTuple): Fact {
    const read = readMessage(tuple);
    switch (read.kind) {
      case 'malformed':
        this.#malformedCount += 1;
        return { kind: 'other' };
      case 'forged_sender':
        this.#forgedCount += 1;
        return { kind: 'other' };
      case 'message': {
        const { message, malformedCount } = read;
        const recorded = { message, malformedCount, revision: tuple.revision };
        this.#messages.push(recorded);
        return { kind: 'message', recorded };
      }
    }
  }

  #addRound(tuple: StoredTuple): Fact {
    const round = readRound(tuple);
    if (round === undefined || this.#round !== undefined) return { kind: 'other' };
    this.#round = { round, startedAtMs: tuple.writtenAtMs };
    return { kind: 'round' };
  }

  #addClose(tuple: StoredTuple): Fact {
    const phase = readClose(tuple);
    if (phase === undefined || this.#closes.has(phase)) return { kind: 'other' };
    this.#closes.set(phase, tuple.revision);
    return { kind: 'close', phase };
  }

  #addDecision(tuple: StoredTuple): Fact {
    const decision = readDecision(tuple);
    if (decision === undefined || this.#decisions.has(decision.general)) return { kind: 'other' };
    const { general, vote } = decision;
    this.#decisions.set(general, { vote, revision: tuple.revision, atMs: tuple.writtenAtMs });
    return { kind: 'decision', general, vote };
  }

  #addSeat(tuple: StoredTuple): Fact {
    const seat = readSeat(tuple);
    if (seat === undefined) return { kind: 'other' };
    this.#seats.push(seat);
    return { kind: 'seat', seat };
  }

  #addReport(tuple: StoredTuple): Fact {
    const report = readReport(tuple);
    if (report === undefined || this.#reports.has(report.general)) return { kind: 'other' };
    this.#reports.set(report.general, report);
    return { kind: 'report', report };
  }

  #addEnd(tuple: StoredTuple): Fact {
    const end = readEnd(tuple);
    if (end === undefined || this.#end !== undefined) return { kind: 'other' };
    this.#end = { end, atMs: tuple.writtenAtMs };
    return { kind: 'end' };
  }
}

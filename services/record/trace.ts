/**
 * The record of a round as one immutable list of events, in the order of its space. The same shape is a line of `trace.jsonl`, of
 * `byz round watch --json` and of whatever else shows a round, so that what is shown can be taken away and replayed. Everything in it
 * is plain JSON.
 */
import type { GeneralId, Path, Setting, TraitorSpec, Verdict, Vote } from '../consensus/index.js';

/** Rises when a reader of the old form would misread the new one. */
export const traceSchema = 'byzantine.trace/2';

/** What is still read. The first form holds neither keys nor signatures. */
export const traceSchemas = ['byzantine.trace/1', traceSchema] as const;

/** Where an event stands. */
export interface TracePlace {
  readonly schema: (typeof traceSchemas)[number];
  /** Number of the round. */
  readonly round: number;
  /** Of the store; changes when the store lost its past. */
  readonly incarnation: string;
  /** Decimal text: what one revision wrote was written in one step. */
  readonly revision: string;
  /** By the store's clock, ISO 8601 with ms. */
  readonly at: string;
}

/** The first event of a trace. */
export type Started = TracePlace & {
  readonly kind: 'started';
  /** Name of the round's tuple space. */
  readonly space: string;
  readonly setting: Setting;
  /** All that is decided beforehand: with it every message of the round can be computed again. */
  readonly order: Vote;
  /** In a council, the inputs that differ from `order`. */
  readonly inputs?: Readonly<Record<GeneralId, Vote>>;
  readonly traitors: readonly TraitorSpec[];
  /** 0 to 2^32-1. */
  readonly seed: number;
  readonly phaseMs: number;
  /** As they were at first; see `moved`. */
  readonly seats: readonly TraceSeat[];
};

export interface TraceSeat {
  readonly general: GeneralId;
  readonly node: string;
  readonly epoch: number;
}

/** In `signed` mode: a general made its key known, before it signed anything with it. */
export type KeyPublished = TracePlace & {
  readonly kind: 'key';
  readonly general: GeneralId;
  /** Of its seat. */
  readonly epoch: number;
  /** The 32 bytes of Ed25519 (RFC 8032), hex. */
  readonly publicKey: string;
};

/** One tuple that carries votes, as the space stamped it. */
export type MessageWritten = TracePlace & { readonly kind: 'message'; readonly message: TraceMessage };

export interface TraceMessage {
  readonly phase: number;
  readonly from: GeneralId;
  readonly to: GeneralId;
  readonly entries: readonly TraceEntry[];
  /** False: after the close of its phase, or not owed; it counts for nothing. */
  readonly counts: boolean;
}

export interface TraceEntry {
  readonly path: Path;
  readonly vote: Vote;
  /** A loyal general in the sender's place would have said otherwise. */
  readonly isFalse: boolean;
  /** In `signed` mode: of each general of the path, in its order; hex. */
  readonly signatures?: readonly string[];
}

export type PhaseClosed = TracePlace & { readonly kind: 'closed'; readonly phase: number };

export type Decided = TracePlace & {
  readonly kind: 'decision';
  readonly general: GeneralId;
  readonly vote: Vote;
};

/** A seat has moved: its general goes on elsewhere. The epochs before count for nothing from here on. */
export type Moved = TracePlace & { readonly kind: 'moved'; readonly seat: TraceSeat };

export type Reported = TracePlace & { readonly kind: 'report'; readonly metrics: TraceGeneralMetrics };

/** What a general measured of itself; times in ms, counts of values. */
export interface TraceGeneralMetrics {
  readonly general: GeneralId;
  readonly coordinationMs: number;
  /** Parts of `coordinationMs`. */
  readonly spaceCallMs: number;
  readonly waitingMs: number;
  readonly computeMs: number;
  readonly sentCount: number;
  readonly receivedCount: number;
  /** Of each phase, the first one first. */
  readonly phases?: readonly TracePhaseMetrics[];
}

/** What a general spent in one phase, in ms. */
export interface TracePhaseMetrics {
  readonly spaceCallMs: number;
  readonly waitingMs: number;
  readonly computeMs: number;
}

/** The last event of a trace. */
export type Ended = TracePlace & {
  readonly kind: 'ended';
  readonly status: 'finished' | 'cancelled';
  readonly cancelledBecause?: string;
  readonly verdict?: Verdict;
  /** Values that count. */
  readonly messageCount: number;
  readonly ignored: readonly { readonly reason: string; readonly count: number }[];
  /** What the space refused until the verdict; absent: nothing, or the record is of a version that did not keep it. */
  readonly refusals?: readonly TraceRefusal[];
  readonly metrics?: TraceMetrics;
};

/** How often the space refused acts of a caller by one rule: a rule of the round's policy, a unique rule, or a limit. */
export interface TraceRefusal {
  readonly callerId: string;
  readonly rule: string;
  readonly count: number;
}

/** Of the loyal general that spent most, and summed over all; in ms. */
export interface TraceMetrics {
  readonly wallMs: number;
  readonly coordinationMs: number;
  readonly computeMs: number;
  readonly coordinationSumMs: number;
  readonly computeSumMs: number;
  readonly granularityRatio: number;
  readonly generals: readonly TraceGeneralMetrics[];
}

export type TraceEvent =
  | Started
  | KeyPublished
  | MessageWritten
  | PhaseClosed
  | Decided
  | Moved
  | Reported
  | Ended;

/** A trace begins with its start; it ends with `ended` when the round was over. */
export interface Trace {
  readonly started: Started;
  /** All of them, the start included. */
  readonly events: readonly TraceEvent[];
}

/** Undefined when the first event is not a start. */
export function traceOf(events: readonly TraceEvent[]): Trace | undefined {
  const [started] = events;
  return started?.kind === 'started' ? { started, events } : undefined;
}

/** How it ended; undefined while the round runs, or when the trace was cut off. */
export function endOf({ events }: Trace): Ended | undefined {
  const last = events.at(-1);
  return last?.kind === 'ended' ? last : undefined;
}

/** The messages of a trace, each with its place in the list of events. */
export function messagesOf({
  events,
}: Trace): readonly { readonly index: number; readonly event: MessageWritten }[] {
  return events.flatMap((event, index) => (event.kind === 'message' ? [{ index, event }] : []));
}

/** The trace as `trace.jsonl`: a line for each event, the last one ended too. */
export function printTrace(events: readonly TraceEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

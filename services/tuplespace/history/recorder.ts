/**
 * Records what clients of a space ask and are told, as the lines of a history.
 */
import { type Clock, ServiceError } from '../../runtime/index.js';
import type * as space from '../space.js';
import type { StoredTuple } from '../tuple.js';
import type { HistoryHeader, MarkKind, SeenTuple, WatchedFrame } from './history.js';
import { type CallKind, encodeHeader, encodeRecord, type HistoryRecord } from './records.js';

/** Calls of one client that are written down; each gives and throws what the space does. */
export interface RecordedClient {
  write(request: space.WriteRequest, options?: space.CallOptions): Promise<space.WriteAnswer>;
  read(request: space.ReadRequest, options?: space.CallOptions): Promise<space.ReadAnswer>;
  take(request: space.TakeRequest, options?: space.CallOptions): Promise<space.TakeAnswer>;
  settle(request: space.SettleRequest, options?: space.CallOptions): Promise<space.SettleAnswer>;
  /** Consumes the frames of a watch until it ends; `fromRevision` is what its first frame continues. */
  watch(watch: RecordedWatch): Promise<void>;
}

export interface RecordedWatch {
  readonly request: Pick<space.WatchRequest, 'space' | 'templates'>;
  readonly fromRevision: bigint;
  readonly frames: AsyncIterable<space.WatchFrame>;
}

export class HistoryRecorder {
  readonly #sink: (line: string) => void;
  readonly #clock: Clock;
  readonly #startMs: number;
  #lastOp = 0;

  /** @param sink takes each line, without its end */
  constructor(header: HistoryHeader, { sink, clock }: { sink: (line: string) => void; clock: Clock }) {
    this.#sink = sink;
    this.#clock = clock;
    this.#startMs = clock.monotonicMs();
    sink(encodeHeader(header));
  }

  /** How many calls have begun. */
  get operationCount(): number {
    return this.#lastOp;
  }

  mark(mark: MarkKind, name = ''): void {
    this.#put({ event: 'mark', atMs: this.#nowMs(), mark, name });
  }

  /** @param replica the one that the calls go to, where that is known */
  client(name: string, at: space.TupleSpace, replica = ''): RecordedClient {
    const call = <Answer>(
      kind: Exclude<CallKind, 'watch'>,
      request: unknown,
      make: () => Promise<Answer>,
      answerOf: (answer: Answer) => unknown,
    ) => this.#call({ client: name, replica, call: kind, request }, make, answerOf);
    return {
      write: (request, options) =>
        call('write', writeFacts(request), () => at.write(request, options), writeAnswer),
      read: (request, options) =>
        call('read', readFacts(request), () => at.read(request, options), readAnswer),
      take: (request, options) =>
        call('take', takeFacts(request), () => at.take(request, options), takeAnswer),
      settle: (request, options) =>
        call('settle', settleFacts(request), () => at.settle(request, options), settleAnswer),
      watch: (watch) => this.#watch({ client: name, replica }, watch),
    };
  }

  async #call<Answer>(
    about: { client: string; replica: string; call: CallKind; request: unknown },
    make: () => Promise<Answer>,
    answerOf: (answer: Answer) => unknown,
  ): Promise<Answer> {
    const op = this.#next();
    this.#put({ event: 'invoke', op, atMs: this.#nowMs(), ...about });
    try {
      const answer = await make();
      this.#put({ event: 'ok', op, atMs: this.#nowMs(), answer: answerOf(answer) });
      return answer;
    } catch (error) {
      this.#put(failureOf(op, this.#nowMs(), error));
      throw error;
    }
  }

  async #watch(
    about: { client: string; replica: string },
    { request, fromRevision, frames }: RecordedWatch,
  ): Promise<void> {
    const op = this.#next();
    const atMs = this.#nowMs();
    const { space, templates } = request;
    this.#put({
      event: 'invoke',
      op,
      atMs,
      ...about,
      call: 'watch',
      request: { space, templates, fromRevision },
    });
    try {
      for await (const frame of frames) {
        if (frame.kind === 'snapshot')
          throw new ServiceError('internal', 'a watch from a revision began with a snapshot');
        const events = frame.kind === 'events' ? frame.events.map(eventFacts) : [];
        this.#put({ event: 'frame', op, atMs: this.#nowMs(), revision: frame.cursor.revision, events });
      }
      this.#put({ event: 'ok', op, atMs: this.#nowMs(), answer: {} });
    } catch (error) {
      this.#put(failureOf(op, this.#nowMs(), error));
      throw error;
    }
  }

  #next(): number {
    this.#lastOp += 1;
    return this.#lastOp;
  }

  #nowMs(): number {
    return Math.round((this.#clock.monotonicMs() - this.#startMs) * 1_000) / 1_000;
  }

  #put(entry: HistoryRecord): void {
    this.#sink(encodeRecord(entry));
  }
}

/** What is no answer of the space may have had its effect. */
function failureOf(op: number, atMs: number, error: unknown): HistoryRecord {
  if (!(error instanceof ServiceError)) return { event: 'unknown', op, atMs, code: 'cancelled' };
  const isUnknown = error.isIndefinite || error.code === 'internal';
  return { event: isUnknown ? 'unknown' : 'fail', op, atMs, code: error.code };
}

function writeFacts({ space, tuples, ttlMs, unless, requestId }: space.WriteRequest): unknown {
  return { space, tuples, ttlMs, unless, requestId: key(requestId) };
}

function readFacts({
  space,
  templates,
  limit,
  min,
  waitMs,
  countOnly,
  includeHeld,
}: space.ReadRequest): unknown {
  return { space, templates, limit, min, waitMs, countOnly, includeHeld };
}

function takeFacts({ space, templates, max, min, waitMs, holdMs, requestId }: space.TakeRequest): unknown {
  return { space, templates, max, min, waitMs, holdMs, requestId: key(requestId) };
}

function settleFacts({ space, holdToken, action, requestId }: space.SettleRequest): unknown {
  const { kind } = action;
  const more =
    action.kind === 'commit'
      ? { tuples: action.tuples, ttlMs: action.ttlMs }
      : { holdMs: action.kind === 'extend' ? action.holdMs : undefined };
  return { space, holdToken, action: kind, ...more, requestId: key(requestId) };
}

function key(requestId: space.RequestId | undefined): unknown {
  return requestId && { session: requestId.session, sequence: requestId.sequence };
}

function writeAnswer(answer: space.WriteAnswer): unknown {
  return answer.kind === 'written' ? answer : { ...answer, by: seen(answer.by) };
}

function readAnswer({ tuples, count, isSatisfied, revision }: space.ReadAnswer): unknown {
  return { tuples: tuples.map(seen), count, isSatisfied, revision };
}

function takeAnswer({ tuples, holdToken, revision }: space.TakeAnswer): unknown {
  return { tuples: tuples.map(seen), holdToken, revision };
}

function settleAnswer({ ids, revision }: space.SettleAnswer): unknown {
  return { ids, revision };
}

function eventFacts({ kind, tuple }: space.SpaceEvent): WatchedFrame['events'][number] {
  return { kind, tuple: seen(tuple) };
}

function seen({ id, values, revision, deliveryCount }: StoredTuple): SeenTuple {
  return { id, values, revision, deliveryCount };
}

/**
 * The records of request ids in one space: what each answered call was told, so that a retry is told the
 * same. A record is made in the same step as the effect. What clients no longer wait for is forgotten, and so
 * is a session idle for ten minutes. A call that was refused had no effect and leaves no record: its retry is
 * judged anew.
 */
import { invalidArgument, ServiceError } from '../../../runtime/index.js';
import { overLimit } from '../../limits.js';
import type { LeaseAnswer, RequestId, SettleAnswer, TakeAnswer, WriteAnswer } from '../../space.js';
import { malformed } from './dump-parts.js';
import type { AnswerShape, DumpRecord, RequestsKind } from './dump-shapes.js';

/** The kinds of calls that carry request ids, and what answers them. */
export interface Answers {
  readonly write: WriteAnswer;
  readonly take: TakeAnswer;
  readonly settle: SettleAnswer;
  readonly lease: LeaseAnswer;
}

/** What an effect does with its record. */
export interface Recorder<Answer> {
  /** Keeps the answer, and returns it. `bytes` is the canonical size of its tuples, default 0. */
  keep(answer: Answer, bytes?: number): Answer;
  /**
   * Says that the call waits; `fail` ends it when a retry takes its place. Returns what to call when the wait
   * is over.
   */
  wait(fail: (error: ServiceError) => void): () => void;
}

/** Whose request it is, and when. */
export interface Requester {
  readonly callerId: string;
  readonly requestId: RequestId | undefined;
  readonly nowMs: number;
}

interface CallRecord {
  readonly kind: keyof Answers;
  answer: object | undefined;
  bytes: number;
  /** Ends the call; set while it waits. */
  fail: ((error: ServiceError) => void) | undefined;
}

interface ClientSession {
  readonly calls: Map<number, CallRecord>;
  lowestUnanswered: number;
  lastUsedMs: number;
}

const sessionsMax = 10_000;
const callsMax = 100_000;
const bytesMax = 256 * 1024 * 1024;
const idleMsMax = 10 * 60_000;
const sweepMs = 60_000;

const noRecorder = { keep: <Answer>(answer: Answer) => answer, wait: () => () => {} };

export class Requests {
  /** By the caller's id and the session's name: those of different callers are different sessions. */
  readonly #sessions = new Map<string, ClientSession>();
  #callCount = 0;
  #bytes = 0;
  #nextSweepMs = 0;

  /**
   * Runs the effect of a call, or gives the answer that the same request id got before. Errors: those of the
   * effect, failed_precondition (the id is older than the lowest that its client waits for), invalid_argument
   * (the id names a call of another kind), resource_exhausted.
   */
  once<Kind extends keyof Answers, Result>(
    kind: Kind,
    { callerId, requestId, nowMs }: Requester,
    effect: (recorder: Recorder<Answers[Kind]>) => Result,
  ): Answers[Kind] | Result {
    if (requestId === undefined) return effect(noRecorder);
    this.#sweep(nowMs);
    const session = this.#session(sessionKey(callerId, requestId.session), nowMs);
    this.#forgetBelow(session, requestId.lowestUnanswered);
    const record = this.#record(kind, session, requestId.sequence);
    // A record has the answer of its own kind.
    if (record.answer !== undefined) return record.answer as Answers[Kind];
    const forget = () => this.#forget(session, requestId.sequence);
    try {
      return effect(this.#recorder(record, forget));
    } catch (error) {
      // A wait that never began is not to be ended.
      record.fail = undefined;
      forget();
      throw error;
    }
  }

  /** Whether a call was answered, so that its retry has no effect. */
  isAnswered(callerId: string, { session, sequence }: RequestId): boolean {
    return this.#sessions.get(sessionKey(callerId, session))?.calls.get(sequence)?.answer !== undefined;
  }

  /** Calls that wait have no answer yet, and are not in it. */
  *dump(): Generator<DumpRecord<RequestsKind>> {
    yield { kind: 'requests', state: { nextSweepMs: this.#nextSweepMs } };
    for (const [key, { calls, lowestUnanswered, lastUsedMs }] of this.#sessions) {
      yield { kind: 'session', state: { key, lowestUnanswered, lastUsedMs } };
      for (const [sequence, { kind, answer, bytes }] of calls) {
        if (answer !== undefined) yield { kind: 'answer', state: { sequence, bytes, [kind]: answer } };
      }
    }
  }

  /** Returns what takes the records of `dump`, in their order, into these empty requests. */
  restore(): (record: DumpRecord<RequestsKind>) => void {
    let calls: Map<number, CallRecord> | undefined;
    return ({ kind, state }) => {
      switch (kind) {
        case 'requests':
          this.#nextSweepMs = state.nextSweepMs;
          break;
        case 'session': {
          const { key, lowestUnanswered, lastUsedMs } = state;
          calls = new Map();
          this.#sessions.set(key, { calls, lowestUnanswered, lastUsedMs });
          break;
        }
        case 'answer':
          if (calls === undefined) throw malformed(`it has an answer of no session`);
          calls.set(state.sequence, recordOf(state));
          this.#callCount += 1;
          this.#bytes += state.bytes;
      }
    };
  }

  #recorder<Answer extends object>(record: CallRecord, forget: () => void): Recorder<Answer> {
    return {
      keep: (answer, bytes = 0) => {
        record.fail = undefined;
        record.answer = answer;
        record.bytes = bytes;
        this.#bytes += bytes;
        return answer;
      },
      wait: (fail) => {
        record.fail = fail;
        return () => {
          // Neither answered nor superseded: the call was cancelled or failed.
          if (record.fail !== fail) return;
          // Else forgetting would end the wait once more, with another error.
          record.fail = undefined;
          forget();
        };
      },
    };
  }

  #session(key: string, nowMs: number): ClientSession {
    let session = this.#sessions.get(key);
    if (session === undefined) {
      if (this.#sessions.size >= sessionsMax) {
        throw overLimit('requestSessions', sessionsMax, `${sessionsMax} client sessions are known`);
      }
      session = { calls: new Map(), lowestUnanswered: 1, lastUsedMs: nowMs };
      this.#sessions.set(key, session);
    }
    session.lastUsedMs = nowMs;
    return session;
  }

  /** The record of a call: an empty one, or that of an earlier try, whose wait then ends. */
  #record(kind: keyof Answers, session: ClientSession, sequence: number): CallRecord {
    if (sequence < session.lowestUnanswered) {
      throw new ServiceError(
        'failed_precondition',
        `requestId.sequence: ${sequence} was answered, the lowest still open is ${session.lowestUnanswered}`,
      );
    }
    const earlier = session.calls.get(sequence);
    if (earlier !== undefined && earlier.kind !== kind) {
      throw invalidArgument('requestId.sequence', `${sequence} names a ${earlier.kind}, this is a ${kind}`);
    }
    if (earlier !== undefined) {
      endWait(earlier);
      return earlier;
    }
    if (this.#callCount >= callsMax) throw overLimit('requestIds', callsMax, `${callsMax} answers are kept`);
    if (this.#bytes >= bytesMax)
      throw overLimit('requestBytes', bytesMax, `${this.#bytes} bytes of answers are kept`);
    const record: CallRecord = { kind, answer: undefined, bytes: 0, fail: undefined };
    session.calls.set(sequence, record);
    this.#callCount += 1;
    return record;
  }

  #forgetBelow(session: ClientSession, lowestUnanswered: number): void {
    if (lowestUnanswered <= session.lowestUnanswered) return;
    session.lowestUnanswered = lowestUnanswered;
    for (const sequence of session.calls.keys()) {
      if (sequence < lowestUnanswered) this.#forget(session, sequence);
    }
  }

  /** Forgets a call; if it still waits, nobody wants its answer. */
  #forget(session: ClientSession, sequence: number): void {
    const record = session.calls.get(sequence);
    if (record === undefined) return;
    session.calls.delete(sequence);
    this.#callCount -= 1;
    this.#bytes -= record.bytes;
    endWait(record);
  }

  /** Looks at all sessions, but at most once a minute. */
  #sweep(nowMs: number): void {
    if (nowMs < this.#nextSweepMs) return;
    this.#nextSweepMs = nowMs + sweepMs;
    for (const [key, session] of this.#sessions) {
      if (nowMs - session.lastUsedMs < idleMsMax) continue;
      for (const sequence of session.calls.keys()) this.#forget(session, sequence);
      this.#sessions.delete(key);
    }
  }
}

function sessionKey(callerId: string, session: string): string {
  return `${callerId} ${session}`;
}

/** The kinds of answers. */
const kinds: readonly (keyof Answers)[] = ['write', 'take', 'settle', 'lease'];

function recordOf(shape: AnswerShape): CallRecord {
  const kind = kinds.find((each) => shape[each] !== undefined);
  if (kind === undefined) throw malformed(`answer ${shape.sequence} says nothing`);
  return { kind, answer: shape[kind], bytes: shape.bytes, fail: undefined };
}

function endWait(record: CallRecord): void {
  const { fail } = record;
  record.fail = undefined;
  fail?.(
    new ServiceError(
      'aborted',
      'requestId: a retry has taken the place of this call, or its client gave it up',
    ),
  );
}

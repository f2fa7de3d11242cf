/**
 * One space of the memory store: its state, its time and its waiting calls. Every call is one step, which
 * runs to its end before anything else happens:
 *
 * 1. what has fallen due by now ends, each deadline as a revision of its own, and waiting calls are served;
 * 2. the effect: one revision if it changes tuples;
 * 3. waiting calls that can now be answered are: reads before takes, each in the order of arrival;
 * 4. watches are told.
 *
 * Nothing comes between a search and the wait that follows it, so no wake-up is lost.
 */
import type { Clock, ServiceError } from '../../../runtime/index.js';
import type { Caller } from '../../caller.js';
import type { EffectiveSettings } from '../../checks-admin.js';
import type {
  CheckedLease,
  CheckedRead,
  CheckedSettle,
  CheckedTake,
  CheckedWrite,
} from '../../checks-request.js';
import type { CheckedTuple } from '../../checks-tuple.js';
import type { SpaceLimits } from '../../limits.js';
import type {
  Cursor,
  ExplainAnswer,
  LeaseAnswer,
  ReadAnswer,
  ReadAuditAnswer,
  SettleAnswer,
  SpaceInfo,
  SpaceSettings,
  TakeAnswer,
  WriteAnswer,
} from '../../space.js';
import type { Template } from '../../template.js';
import { Alarm } from './alarm.js';
import { readNow, takeNow } from './answers.js';
import type { BlockedCall } from './blocked-call.js';
import type { Author, Call } from './call.js';
import type { Feed } from './feed.js';
import { type Answers, type Recorder, Requests } from './requests.js';
import { findFirst } from './search.js';
import { SpaceState, type StateBounds } from './state.js';
import type { TimeSource } from './store-time.js';
import { Waiting } from './waiting.js';
import { type OpenWatch, Watches } from './watches.js';

export interface MemorySpaceOptions {
  readonly name: string;
  /** Id of the caller that created it. */
  readonly creator: string;
  readonly settings: SpaceSettings;
  readonly effective: EffectiveSettings;
  readonly bounds: StateBounds;
  readonly incarnation: string;
  /** Secret that its tickets are made with. */
  readonly ticketKey: string;
  readonly pace: Pace;
}

/** A take that is made elsewhere, in as many attempts as it needs. */
export interface PatientTake {
  /** How many matches are missing now. */
  readonly missingCount: number;
  readonly attempt: () => number;
  readonly giveUp: () => TakeAnswer | number;
  readonly admit: () => void;
  readonly signal: AbortSignal | undefined;
}

/** How time passes for a space. */
export interface Pace {
  readonly clock: Clock;
  /** Of the steps. */
  readonly time: TimeSource;
  /** Of those who wait; may be ahead of the steps' where those are made elsewhere. */
  readonly waitTime: TimeSource;
  /** Called when a deadline of the state is due, where no step of this process may end it; absent: it does so itself. */
  readonly onDue?: () => void;
}

export class MemorySpace {
  readonly options: MemorySpaceOptions;
  readonly #state: SpaceState;
  readonly #waiting: Waiting;
  readonly #watches: Watches;
  readonly #requests = new Requests();
  readonly #alarm: Alarm;
  #nowMs = 0;
  /** Deadlines up to here have been told to `onDue`. */
  #toldMs = Number.NEGATIVE_INFINITY;
  /** What calls get once the space has ended. */
  #makeEndError: (() => ServiceError) | undefined;

  constructor(options: MemorySpaceOptions) {
    this.options = options;
    const { effective, bounds, pace, incarnation, ticketKey } = options;
    const { waitersMax } = effective.limits;
    this.#state = new SpaceState(effective, bounds, ticketKey);
    this.#waiting = new Waiting(waitersMax);
    this.#watches = new Watches({
      incarnation,
      state: this.#state,
      watchesMax: waitersMax,
    });
    this.#alarm = new Alarm(pace.clock, pace.waitTime, () => this.#ring());
  }

  get limits(): SpaceLimits {
    return this.options.effective.limits;
  }

  write(request: CheckedWrite, call: Call): WriteAnswer {
    return this.#once('write', call, (recorder) =>
      recorder.keep(this.#state.write(request, this.#author(call))),
    );
  }

  read(request: CheckedRead, call: Call): ReadAnswer | Promise<ReadAnswer> {
    const attempt = () => {
      const answer = readNow(this.#state, request);
      return answer.isSatisfied ? answer : request.min - answer.count;
    };
    const giveUp = () => readNow(this.#state, request);
    return this.#step(() => {
      const answer = attempt();
      if (typeof answer !== 'number') return answer;
      if (request.waitMs === 0) return giveUp();
      const wait = { ...request, missingCount: answer, attempt, giveUp, onEnd: () => {} };
      return this.#waiting.begin<ReadAnswer>('read', { ...wait, ...this.#patience(request, call) }).promise;
    });
  }

  take(request: CheckedTake, call: Call): TakeAnswer | Promise<TakeAnswer> {
    return this.#once('take', call, (recorder) => {
      if (request.leaseId !== undefined) this.#state.checkLease(request.leaseId);
      const attempt = () => {
        const taken = takeNow(this.#state, request, this.#nowMs);
        return 'answer' in taken ? recorder.keep(taken.answer, taken.bytes) : taken.missingCount;
      };
      const giveUp = () => recorder.keep({ tuples: [], revision: this.#state.revision });
      const answer = attempt();
      if (typeof answer !== 'number') return answer;
      if (request.waitMs === 0) return giveUp();
      const onEnd = recorder.wait((error) => blocked.fail(error));
      const wait = { ...request, afterId: 0, missingCount: answer, attempt, giveUp, onEnd };
      const blocked = this.#waiting.begin<TakeAnswer>('take', { ...wait, ...this.#patience(request, call) });
      return blocked.promise;
    });
  }

  /** Takes now, or says how many matches are missing and leaves no record. */
  tryTake(request: CheckedTake, call: Call): TakeAnswer | number {
    try {
      return this.#once('take', call, (recorder) => {
        if (request.leaseId !== undefined) this.#state.checkLease(request.leaseId);
        const taken = takeNow(this.#state, request, this.#nowMs);
        if ('answer' in taken) return recorder.keep(taken.answer, taken.bytes);
        throw new Missing(taken.missingCount);
      });
    } catch (error) {
      if (error instanceof Missing) return error.count;
      throw error;
    }
  }

  /**
   * Waits for matches of a take that is made elsewhere: `attempt` begins one and returns Infinity, and who began it concludes the call.
   */
  awaitTake(request: CheckedTake, take: PatientTake): BlockedCall<TakeAnswer> {
    const { missingCount, attempt, giveUp, admit, signal } = take;
    const untilMs = this.options.pace.waitTime.nowMs() + request.waitMs;
    const { templates, max } = request;
    const wait = { templates, claimMax: max, afterId: 0, missingCount, attempt, giveUp, onEnd: () => {} };
    const blocked = this.#waiting.begin<TakeAnswer>('take', { ...wait, untilMs, admit, signal });
    this.#setAlarm();
    return blocked;
  }

  /** Offers the matches that a waiter had claimed, and that are still free, to the others. */
  disclaim(waiter: BlockedCall<TakeAnswer>): void {
    const entries = waiter.disclaim();
    if (entries.length > 0) this.#waiting.offer(entries);
  }

  /** Refuses templates whose first matches are not found within the limit. Errors: resource_exhausted. */
  checkReach(
    templates: readonly Template[],
    { max, includeHeld }: { max: number; includeHeld: boolean },
  ): void {
    findFirst(this.#state.search(templates, { includeHeld }), max);
  }

  /** Ends what has fallen due. */
  expire(): void {
    this.#toldMs = Number.NEGATIVE_INFINITY;
    const { nextMs } = this.#state.deadlines;
    if (nextMs !== undefined && nextMs <= this.options.pace.time.nowMs()) this.#step(() => {});
    else this.#setAlarm();
  }

  /** When the next tuple, hold or lease ends by itself. */
  get nextDueMs(): number | undefined {
    return this.#state.deadlines.nextMs;
  }

  settle(holdToken: string, action: CheckedSettle, call: Call): SettleAnswer {
    return this.#once('settle', call, (recorder) =>
      recorder.keep(this.#state.settle(holdToken, action, this.#author(call))),
    );
  }

  lease(request: CheckedLease, call: Call): LeaseAnswer {
    return this.#once('lease', call, (recorder) => recorder.keep(this.#state.lease(request, this.#nowMs)));
  }

  explain(template: Template): ExplainAnswer {
    return this.#step(() => {
      const { examinedMax } = this.limits;
      const plan = this.#state.bag.free.plan(template, examinedMax);
      return {
        index: plan.words(),
        examinedCount: plan.size,
        examinedMax,
        waiterCount: this.#waiting.size,
      };
    });
  }

  info(): SpaceInfo {
    return this.#step(() => {
      const { bag, history, leaseCount } = this.#state;
      return {
        space: this.options.name,
        incarnation: this.options.incarnation,
        creator: this.options.creator,
        revision: BigInt(history.revision),
        oldestRevision: BigInt(history.oldestRevision),
        tupleCount: bag.size,
        heldCount: bag.held.size,
        tupleBytes: bag.bytes,
        leaseCount,
        waiterCount: this.#waiting.size,
        watchCount: this.#watches.size,
        settings: this.options.settings,
      };
    });
  }

  openFeed(watch: OpenWatch, request: { templates: readonly Template[]; from: Cursor }): Feed {
    return this.#step(() => this.#watches.open(watch, request));
  }

  closeFeed(watch: OpenWatch): void {
    this.#watches.close(watch);
  }

  readAudit(afterSequence: number, limit: number): ReadAuditAnswer {
    return this.#step(() => this.#state.audit.read(afterSequence, limit));
  }

  /** Puts a refused write of a caller whose epoch is over into the audit. */
  auditEpoch(caller: Caller, tuple: CheckedTuple): void {
    this.#step((atMs) => this.#state.audit.add({ rule: 'epoch', caller, tuple, standingId: 0n, atMs }));
  }

  /** Ends all that waits or watches. */
  interrupt(makeError: () => ServiceError): void {
    this.#waiting.failAll(makeError);
    this.#watches.failAll(makeError);
  }

  /** Ends the space: all that waits, and every later call, gets this error. Idempotent. */
  end(makeError: () => ServiceError): void {
    if (this.#makeEndError !== undefined) return;
    this.#makeEndError = makeError;
    this.#alarm.stop();
    this.interrupt(makeError);
  }

  #once<Kind extends keyof Answers, Result>(
    kind: Kind,
    { caller, requestId }: Call,
    effect: (recorder: Recorder<Answers[Kind]>) => Result,
  ): Answers[Kind] | Result {
    return this.#step((nowMs) =>
      this.#requests.once(kind, { callerId: caller.id, requestId, nowMs }, effect),
    );
  }

  #setAlarm(): void {
    this.#alarm.setTo(earliest(this.#untoldMs(), this.#waiting.nextMs));
  }

  /** Something may be due. */
  #ring(): void {
    const { pace } = this.options;
    const { nextMs } = this.#state.deadlines;
    const nowMs = pace.waitTime.nowMs();
    if (pace.onDue !== undefined && nextMs !== undefined && nextMs <= nowMs) {
      this.#toldMs = nowMs;
      pace.onDue();
    }
    this.#step(() => {});
  }

  /** When the state's next deadline is due, unless that was told. */
  #untoldMs(): number | undefined {
    const { nextMs } = this.#state.deadlines;
    return nextMs === undefined || nextMs <= this.#toldMs ? undefined : nextMs;
  }

  #step<Result>(effect: (nowMs: number) => Result): Result {
    if (this.#makeEndError !== undefined) throw this.#makeEndError();
    const { bag, deadlines } = this.#state;
    const { time, waitTime } = this.options.pace;
    this.#nowMs = time.nowMs();
    deadlines.run(this.#nowMs);
    this.#waiting.offer(bag.drainFreed());
    this.#waiting.giveUp(waitTime.nowMs());
    try {
      return effect(this.#nowMs);
    } finally {
      this.#waiting.offer(bag.drainFreed());
      this.#watches.poke();
      this.#setAlarm();
    }
  }

  /** How long a call waits, and what ends its wait early. */
  #patience({ waitMs }: { readonly waitMs: number }, { admit, signal }: Call) {
    return { untilMs: this.options.pace.waitTime.nowMs() + waitMs, admit, signal };
  }

  #author({ caller }: Call): Author {
    return { caller, nowMs: this.#nowMs };
  }
}

/** Thrown by a take that is not satisfied, so that nothing records it. */
class Missing extends Error {
  readonly count: number;

  constructor(count: number) {
    super();
    this.count = count;
  }
}

function earliest(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? (left ?? right) : Math.min(left, right);
}

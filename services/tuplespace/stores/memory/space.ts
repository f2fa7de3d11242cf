/**
 * One space of a state machine: its state, its waiting calls and its watches. Every call is one step; stepping.ts says what that is.
 */
import type { ServiceError } from '../../../runtime/index.js';
import type { Caller } from '../../caller.js';
import type { EffectiveSettings } from '../../checks-admin.js';
import type { CheckedLease, CheckedRead, CheckedSettle, CheckedWrite } from '../../checks-request.js';
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
  WriteAnswer,
} from '../../space.js';
import type { Template } from '../../template.js';
import type { Tuple } from '../../tuple.js';
import { readNow } from './answers.js';
import type { Author, Call } from './call.js';
import type { DumpRecord, SpaceRecord } from './dump-shapes.js';
import type { Feed } from './feed.js';
import type { Pace } from './pace.js';
import { isWithin, type Reach, type ReachOptions, reachOf } from './reach.js';
import { Requests } from './requests.js';
import { SpaceState, type StateBounds } from './state.js';
import { Stepping } from './stepping.js';
import { Takes } from './takes.js';
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

export class MemorySpace {
  readonly options: MemorySpaceOptions;
  readonly takes: Takes;
  readonly #state: SpaceState;
  readonly #waiting: Waiting;
  readonly #watches: Watches;
  readonly #requests = new Requests();
  readonly #stepping: Stepping;

  constructor(options: MemorySpaceOptions) {
    this.options = options;
    const { effective, bounds, pace, incarnation, ticketKey } = options;
    const { waitersMax } = effective.limits;
    this.#state = new SpaceState(effective, bounds, ticketKey);
    this.#waiting = new Waiting(waitersMax);
    this.#watches = new Watches({ incarnation, state: this.#state, watchesMax: waitersMax });
    const parts = { pace, state: this.#state, waiting: this.#waiting };
    this.#stepping = new Stepping({ ...parts, requests: this.#requests, watches: this.#watches });
    this.takes = new Takes({ ...parts, stepping: this.#stepping });
  }

  get limits(): SpaceLimits {
    return this.options.effective.limits;
  }

  /** When the next tuple, hold or lease ends by itself. */
  get nextDueMs(): number | undefined {
    return this.#state.deadlines.nextMs;
  }

  *dump(): Generator<DumpRecord<'space'> | SpaceRecord> {
    const { name, creator, settings, effective, incarnation, ticketKey } = this.options;
    yield { kind: 'space', state: { name, creator, settings, effective, incarnation, ticketKey } };
    yield* this.#state.dump();
    yield* this.#requests.dump();
  }

  /** Returns what takes the records that follow on the space's own, in their order, into this new space. */
  restore(): (record: SpaceRecord) => void {
    const restoreState = this.#state.restore();
    const restoreRequests = this.#requests.restore();
    return (record) => {
      switch (record.kind) {
        case 'requests':
        case 'session':
        case 'answer':
          return restoreRequests(record);
        default:
          return restoreState(record);
      }
    };
  }

  write(request: CheckedWrite, call: Call): WriteAnswer {
    return this.#stepping.runOnce('write', call, (recorder) =>
      recorder.keep(this.#state.write(request, this.#author(call))),
    );
  }

  /** Promises where the call waits. */
  read(request: CheckedRead, { admit, signal }: Call): ReadAnswer | Promise<ReadAnswer> {
    const attempt = () => {
      const answer = readNow(this.#state, request);
      return answer.isSatisfied ? answer : request.min - answer.count;
    };
    const giveUp = () => readNow(this.#state, request);
    return this.#stepping.run(() => {
      const answer = attempt();
      if (typeof answer !== 'number') return answer;
      if (request.waitMs === 0) return giveUp();
      const untilMs = this.options.pace.waitTime.nowMs() + request.waitMs;
      const wait = { ...request, missingCount: answer, attempt, giveUp, onEnd: () => {}, untilMs };
      return this.#waiting.begin<ReadAnswer>('read', { ...wait, admit, signal }).promise;
    });
  }

  /** Tries the search of an effect; undefined where the call has an answer and searches no more. Errors: resource_exhausted. */
  reachOf(
    templates: readonly Template[],
    { caller, requestId, ...options }: Pick<Call, 'caller' | 'requestId'> & ReachOptions,
  ): Reach | undefined {
    const isAnswered = requestId !== undefined && this.#requests.isAnswered(caller.id, requestId);
    return isAnswered ? undefined : reachOf(this.#state, templates, options);
  }

  /** Whether an effect whose search was tried may be made now. Ends what has fallen due, as the effect does. */
  isWithin(reach: Reach): boolean {
    this.#stepping.expire();
    return isWithin(this.#state, reach, this.limits.examinedMax);
  }

  /** Lets takes that wait, and are made elsewhere, try for tuples that are on their way there. */
  foresee(tuples: readonly Tuple[]): void {
    this.#waiting.foresee(tuples);
  }

  /** Ends what has fallen due. */
  expire(): void {
    this.#stepping.expire();
  }

  /** Begins to end by itself what falls due, after a restore. */
  wake(): void {
    this.#stepping.setAlarm();
  }

  settle(holdToken: string, action: CheckedSettle, call: Call): SettleAnswer {
    return this.#stepping.runOnce('settle', call, (recorder) =>
      recorder.keep(this.#state.settle(holdToken, action, this.#author(call))),
    );
  }

  lease(request: CheckedLease, call: Call): LeaseAnswer {
    return this.#stepping.runOnce('lease', call, (recorder) =>
      recorder.keep(this.#state.lease(request, this.#stepping.nowMs)),
    );
  }

  explain(template: Template): ExplainAnswer {
    return this.#stepping.run(() => {
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
    return this.#stepping.run(() => {
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
    return this.#stepping.run(() => this.#watches.open(watch, request));
  }

  closeFeed(watch: OpenWatch): void {
    this.#watches.close(watch);
  }

  readAudit(afterSequence: number, limit: number): ReadAuditAnswer {
    return this.#stepping.run(() => this.#state.audit.read(afterSequence, limit));
  }

  /** Puts a refused write of a caller whose epoch is over into the audit. */
  auditEpoch(caller: Caller, tuple: CheckedTuple): void {
    this.#stepping.run(() => {
      const { nowMs: atMs } = this.#stepping;
      this.#state.audit.add({ rule: 'epoch', caller, tuple, standingId: 0n, atMs });
    });
  }

  /** Ends all that waits or watches. */
  interrupt(makeError: () => ServiceError): void {
    this.#waiting.failAll(makeError);
    this.#watches.failAll(makeError);
  }

  /** Ends the space: all that waits, and every later call, gets this error. Idempotent. */
  end(makeError: () => ServiceError): void {
    if (this.#stepping.end(makeError)) this.interrupt(makeError);
  }

  #author({ caller }: Call): Author {
    return { caller, nowMs: this.#stepping.nowMs };
  }
}

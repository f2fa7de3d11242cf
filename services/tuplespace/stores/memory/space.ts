/**
 * One space of a state machine: its state, its waiting calls and its watches. Every call is one step; stepping.ts says what that is.
 */
import type { ServiceError } from '../../../runtime/index.js';
import type { Caller } from '../../caller.js';
import type { CheckedLease, CheckedRead, CheckedSettle, CheckedWrite } from '../../checks-request.js';
import type { SpaceLimits } from '../../limits.js';
import type { PolicyOperation } from '../../policy/policy.js';
import type {
  Cursor,
  ExplainAnswer,
  LeaseAnswer,
  ReadAnswer,
  ReadAuditAnswer,
  SettleAnswer,
  SpaceInfo,
  WriteAnswer,
} from '../../space.js';
import type { Template } from '../../template.js';
import type { Tuple } from '../../tuple.js';
import { readNow } from './answers.js';
import type { Author, Call } from './call.js';
import { checkKind, orchestrators } from './callers.js';
import type { DumpRecord, SpaceRecord } from './dump-shapes.js';
import type { Feed } from './feed.js';
import { Guard } from './guard.js';
import { isWithin, type Reach, type ReachOptions, reachOf } from './reach.js';
import type { Refusal } from './refusal.js';
import { Requests } from './requests.js';
import { explain, infoOf, type LookedAt } from './space-info.js';
import type { MemorySpaceOptions } from './space-options.js';
import { SpaceState } from './state.js';
import { Stepping } from './stepping.js';
import { Takes } from './takes.js';
import { Waiting } from './waiting.js';
import { type OpenWatch, Watches } from './watches.js';

export class MemorySpace {
  readonly options: MemorySpaceOptions;
  readonly takes: Takes;
  readonly #state: SpaceState;
  readonly #waiting: Waiting;
  readonly #watches: Watches;
  readonly #requests = new Requests();
  readonly #stepping: Stepping;
  readonly #guard: Guard;

  constructor(options: MemorySpaceOptions) {
    this.options = options;
    const { effective, bounds, pace, incarnation, ticketKey } = options;
    this.#state = new SpaceState(effective, bounds, ticketKey);
    const { policy } = effective;
    this.#guard = new Guard({ policy, stands: (template) => this.#state.stands(template) });
    this.#waiting = new Waiting(effective.limits);
    this.#watches = new Watches({ incarnation, state: this.#state, limits: effective.limits });
    const parts = { pace, state: this.#state, waiting: this.#waiting };
    this.#stepping = new Stepping({ ...parts, requests: this.#requests, watches: this.#watches });
    this.takes = new Takes({ ...parts, stepping: this.#stepping, guard: this.#guard });
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
    return this.#stepping.runOnce('write', call, (recorder) => {
      this.#guard.checkTuples('write', call.caller, request.tuples);
      if (request.unless !== undefined) this.#guard.checkTemplates('read', call.caller, [request.unless]);
      return recorder.keep(this.#state.write(request, this.#author(call)));
    });
  }

  /** Promises where the call waits. */
  read(request: CheckedRead, { caller, admit: admitCaller, signal }: Call): ReadAnswer | Promise<ReadAnswer> {
    const admit = () => {
      admitCaller();
      this.#guard.checkTemplates('read', caller, request.templates);
    };
    const attempt = () => {
      const answer = readNow(this.#state, request);
      return answer.isSatisfied ? answer : request.min - answer.count;
    };
    const giveUp = () => readNow(this.#state, request);
    return this.#stepping.run(() => {
      this.#guard.checkTemplates('read', caller, request.templates);
      const answer = attempt();
      if (typeof answer !== 'number') return answer;
      if (request.waitMs === 0) return giveUp();
      const untilMs = this.options.pace.waitTime.nowMs() + request.waitMs;
      const wait = { ...request, missingCount: answer, attempt, giveUp, onEnd: () => {}, untilMs };
      return this.#waiting.begin<ReadAnswer>('read', { ...wait, caller, admit, signal }).promise;
    });
  }

  /** Tries the search of an effect; undefined where the call has an answer and searches no more. Errors: resource_exhausted. */
  reachOf(
    operation: PolicyOperation,
    templates: readonly Template[],
    { caller, requestId, ...options }: Pick<Call, 'caller' | 'requestId'> & ReachOptions,
  ): Reach | undefined {
    const isAnswered = requestId !== undefined && this.#requests.isAnswered(caller.id, requestId);
    // Who may not search is to be told so in the step, and nothing of what there is.
    if (isAnswered || !this.#guard.lets(operation, caller, templates)) return undefined;
    return reachOf(this.#state, templates, options);
  }

  /** Refuses a caller that has made all its steps of this second, as far as is known. Errors: resource_exhausted. */
  checkPace(caller: Caller): void {
    this.#state.quotas.checkPace(caller, this.options.pace.presentTime.nowMs());
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
    return this.#stepping.runOnce('settle', call, (recorder) => {
      this.#guard.checkSettle(call.caller, action, () => this.#state.heldBy(holdToken));
      return recorder.keep(this.#state.settle(holdToken, action, this.#author(call)));
    });
  }

  lease(request: CheckedLease, call: Call): LeaseAnswer {
    return this.#stepping.runOnce('lease', call, (recorder) => {
      this.#guard.checkSpace('lease', call.caller);
      return recorder.keep(this.#state.lease(request, this.#stepping.nowMs));
    });
  }

  /** It tells of the whole space, so it is for those who may read all of it. */
  explain(template: Template, caller: Caller): ExplainAnswer {
    return this.#stepping.run(() => {
      this.#guard.checkSpace('read', caller);
      return explain(template, this.#looked);
    });
  }

  info(): SpaceInfo {
    return this.#stepping.run(() => infoOf(this.options, this.#looked));
  }

  openFeed(
    watch: OpenWatch,
    { caller, ...request }: { caller: Caller; templates: readonly Template[]; from: Cursor },
  ): Feed {
    return this.#stepping.run(() => {
      this.#guard.checkTemplates('watch', caller, request.templates);
      return this.#watches.open(watch, { caller, ...request });
    });
  }

  /** Asked before each frame. */
  admitWatch(caller: Caller, templates: readonly Template[]): void {
    if (this.#guard.isPassing('watch')) this.#guard.checkTemplates('watch', caller, templates);
  }

  closeFeed(watch: OpenWatch): void {
    this.#watches.close(watch);
  }

  readAudit(afterSequence: number, limit: number): ReadAuditAnswer {
    return this.#stepping.run(() => this.#state.audit.read(afterSequence, limit));
  }

  /** Puts a refused act into the audit. */
  record(refusal: Refusal, caller: Caller): void {
    this.#stepping.run(() => this.#state.audit.add(refusal, { caller, atMs: this.#stepping.nowMs }));
  }

  /** Whether a caller may know all that stands in the space, and so its counts. */
  isOpenTo(caller: Caller): boolean {
    return caller.kind === 'orchestrator' || this.#guard.isOpenTo(caller);
  }

  /** Errors: permission_denied, unless the caller made the space or is an orchestrator, and the policy lets it. */
  checkDrop(caller: Caller): void {
    if (caller.id !== this.options.creator) checkKind(caller, orchestrators, "drop another's space");
    this.#guard.checkSpace('drop', caller);
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

  get #looked(): LookedAt {
    return { state: this.#state, waiterCount: this.#waiting.size, watchCount: this.#watches.size };
  }

  #author({ caller }: Call): Author {
    return { caller, nowMs: this.#stepping.nowMs };
  }
}

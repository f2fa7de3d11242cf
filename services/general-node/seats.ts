/**
 * The seats of one node: a supervised general for each assignment, and what people may see of it, also for a while after the seat
 * was taken away.
 */
import type { GeneralId } from '../consensus/index.js';
import type { Clock, Log, Span, Tracer } from '../runtime/index.js';
import { onAbort, ServiceError } from '../runtime/index.js';
import type { Connect } from '../tuplespace/index.js';
import { withTrace } from '../tuplespace/index.js';
import type { Assignment } from './control-tuples.js';
import { General } from './general.js';
import type { GeneralView } from './general-view.js';
import type { GeneralNodeMetrics } from './metrics.js';
import { beginSeatSpan } from './seat-span.js';
import { type KeyPair, createKeyPair as newKeyPair } from './signing.js';
import type { ChildStatus } from './supervisor.js';
import { Supervisor } from './supervisor.js';

export interface SeatsOptions {
  readonly connect: Connect;
  readonly clock: Clock;
  readonly log: Log;
  /** Restarts of one general within the window before its seat is given up. */
  readonly restartMax: number;
  readonly restartWindowMs: number;
  /** Seats that it takes at once. */
  readonly seatsMax: number;
  /** How many generals of ended rounds stay to be looked at. */
  readonly endedMax: number;
  /** Default: from the machine's randomness. A simulation has its own. */
  readonly createKeyPair?: (() => KeyPair) | undefined;
  /** Absent: nothing is traced. */
  readonly tracer?: Tracer | undefined;
  /** Absent: nothing is counted. */
  readonly metrics?: GeneralNodeMetrics | undefined;
  /** Told of a seat that cannot be held here. */
  readonly giveBack: (seat: Assignment, because: string) => Promise<void>;
}

/** A general on this node, as people may look at it. */
export interface HostedGeneral extends GeneralView {
  readonly id: GeneralId;
  readonly round: number;
  readonly epoch: number;
  readonly status: 'starting' | 'running' | 'decided' | 'failed';
  readonly restartCount: number;
}

interface Holder {
  readonly assignment: Assignment;
  general: General | undefined;
  /** Made when it is asked for; it lives as long as the seat is held here, and is told to nobody. */
  keyPair: KeyPair | undefined;
  /** The last look before its seat was taken away. */
  last: HostedGeneral | undefined;
}

/** Pause before a failed general starts again. */
const restartPauseMs = 50;

export class Seats {
  readonly #options: SeatsOptions;
  readonly #supervisor: Supervisor;
  readonly #holders = new Map<string, Holder>();
  readonly #onIdle = new Set<() => void>();

  constructor(options: SeatsOptions) {
    this.#options = options;
    const { clock, restartMax, restartWindowMs } = options;
    this.#supervisor = new Supervisor({ clock, restartMax, restartWindowMs, pauseMs: restartPauseMs });
    options.metrics?.observe(this);
  }

  /** Starts the general of an assignment; one that has its seat already goes on. A seat too many is given back. */
  take(assignment: Assignment): void {
    const key = seatKey(assignment);
    if (this.#holders.has(key)) return;
    if (this.#heldCount >= this.#options.seatsMax) {
      this.#giveBack(assignment, `all ${this.#options.seatsMax} seats are taken`);
      return;
    }
    const holder: Holder = { assignment, general: undefined, keyPair: undefined, last: undefined };
    this.#holders.set(key, holder);
    const { round, general, epoch } = assignment;
    this.#supervisor.start({
      name: key,
      run: (signal, attempt) => this.#run(holder, signal, attempt),
      isFinal,
      onFailure: (error, isOver) => {
        this.#options.metrics?.failed({ isOver });
        this.#options.log.warn('general.failed', { round, general, epoch, isOver, error: String(error) });
        if (isOver && !isSeatGone(error)) this.#giveBack(assignment, String(error));
      },
    });
  }

  /** Some general here has not decided yet. */
  get isBusy(): boolean {
    return [...this.#holders.values()].some((holder) => isAtWork(this.#look(holder), holder));
  }

  /** Resolves when no general here has anything left to do. Errors: the signal's reason. */
  idle(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.isBusy) return resolve();
      const stopListening = onAbort(signal, reject);
      const look = (): void => {
        if (this.isBusy) return;
        this.#onIdle.delete(look);
        stopListening();
        resolve();
      };
      this.#onIdle.add(look);
    });
  }

  /** Stops the general of a seat that was taken away; resolves once it has ended. */
  async give(seat: Assignment): Promise<void> {
    const key = seatKey(seat);
    const holder = this.#holders.get(key);
    if (holder === undefined || holder.last !== undefined) return;
    holder.last = this.#look(holder);
    await this.#supervisor.stop(key);
    this.#forgetOldest();
    this.#tellIdle();
  }

  /** Gives every seat that is not among these. */
  async keepOnly(assignments: readonly Assignment[]): Promise<void> {
    const kept = new Set(assignments.map(seatKey));
    const gone = [...this.#holders].filter(([key]) => !kept.has(key)).map(([, { assignment }]) => assignment);
    await Promise.all(gone.map((assignment) => this.give(assignment)));
  }

  async stop(): Promise<void> {
    await this.#supervisor.stopAll();
  }

  list(): readonly HostedGeneral[] {
    return [...this.#holders.values()].map((holder) => this.#look(holder));
  }

  /** Errors: not_found. */
  get(round: number, general: GeneralId): HostedGeneral {
    const held = [...this.#holders.values()].filter(
      ({ assignment: seat }) => seat.round === round && seat.general === general,
    );
    const latest = held.sort((left, right) => left.assignment.epoch - right.assignment.epoch).at(-1);
    if (latest === undefined)
      throw new ServiceError('not_found', `${general} of round ${round} has no seat here`);
    return this.#look(latest);
  }

  async #run(holder: Holder, signal: AbortSignal, attempt: number): Promise<void> {
    const { connect, clock, tracer, createKeyPair = newKeyPair } = this.#options;
    const { assignment } = holder;
    const { round, general, epoch } = assignment;
    const log = this.#options.log.with({ round, general, epoch });
    const connection = connect(assignment.token);
    const { space } = connection;
    let span: Span | undefined;
    try {
      span = await beginSeatSpan(tracer, assignment, { space, signal });
      const hasPast = attempt > 0 || assignment.epoch > 1;
      holder.general = new General({
        assignment,
        space: withTrace(space, span?.traceparent ?? ''),
        clock,
        log,
        hasPast,
        keyPair: () => (holder.keyPair ??= createKeyPair()),
      });
      await holder.general.run(signal);
    } catch (error) {
      span?.end(error);
      throw error;
    } finally {
      span?.end();
      await connection.close();
      this.#tellIdle();
    }
  }

  get #heldCount(): number {
    return [...this.#holders.values()].filter(({ last }) => last === undefined).length;
  }

  #giveBack(assignment: Assignment, because: string): void {
    const { round, general, epoch } = assignment;
    this.#options.log.warn('seat.returned', { round, general, epoch, because });
    void this.#options.giveBack(assignment, because);
    this.#tellIdle();
  }

  #tellIdle(): void {
    for (const look of [...this.#onIdle]) look();
  }

  #look(holder: Holder): HostedGeneral {
    if (holder.last !== undefined) return holder.last;
    const { round, general, epoch } = holder.assignment;
    const supervised = this.#supervisor.look(seatKey(holder.assignment));
    const view = holder.general?.view();
    return {
      ...(view ?? { phase: 0, isCommander: false, isTraitor: false, sentCount: 0 }),
      id: general,
      round,
      epoch,
      status: statusOf(view, supervised?.status),
      restartCount: supervised?.restartCount ?? 0,
    };
  }

  #forgetOldest(): void {
    const ended = [...this.#holders].filter(([, { last }]) => last !== undefined);
    const tooMany = Math.max(0, ended.length - this.#options.endedMax);
    for (const [key] of ended.slice(0, tooMany)) this.#holders.delete(key);
  }
}

/** Another start does not bring back a seat, a round or a token that is gone. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  return ['failed_precondition', 'not_found', 'unauthenticated', 'permission_denied'].includes(error.code);
}

/** The round has ended, or the seat has moved: there is nothing to give back. */
function isSeatGone(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  const isLate = error.code === 'failed_precondition' && 'rule' in error.details;
  return isLate || error.code === 'not_found' || error.code === 'unauthenticated';
}

function statusOf(
  view: GeneralView | undefined,
  supervised: ChildStatus | undefined,
): HostedGeneral['status'] {
  if (supervised === 'failed') return 'failed';
  if (view === undefined) return 'starting';
  return view.decision === undefined ? 'running' : 'decided';
}

function isAtWork({ status }: HostedGeneral, { last }: Holder): boolean {
  return last === undefined && (status === 'starting' || status === 'running');
}

/** A space that lost its memory gives numbers of rounds again; a token is never given twice. */
function seatKey({ round, general, epoch, token }: Assignment): string {
  return `${round}/${general}/${epoch}/${token}`;
}

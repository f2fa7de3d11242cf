/**
 * The orchestrator itself: starts rounds, lets a runner drive each, and answers questions from the spaces. All that it must not forget
 * is in the tuple space; a new engine finds the open rounds there and goes on with them.
 */
import { randomInt } from 'node:crypto';
import type { Evidence } from '../consensus/index.js';
import type { Clock, Log, Tls, Tracer } from '../runtime/index.js';
import { invalidArgument, ServiceError } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';
import { withTrace } from '../tuplespace/index.js';
import { Drivers } from './drivers.js';
import { evidenceOf } from './evidence.js';
import { Ledger } from './ledger.js';
import type { OrchestratorMetrics } from './metrics.js';
import type { NodeFault } from './node-faults.js';
import { faultNode } from './node-faults.js';
import { listNodes } from './node-list.js';
import type { CallOptions, NodeInfo, Orchestrator, Round, RoundEvent, RoundRequest } from './orchestrator.js';
import type { RoundDefaults } from './resolve.js';
import { resolveRound } from './resolve.js';
import { dropOldRounds } from './retention.js';
import { RoundKeeper } from './round-keeper.js';
import { RoundSpace } from './round-space.js';
import { RoundTraces } from './round-traces.js';
import { Seating } from './seating.js';
import { RoundStarter } from './starter.js';
import { toRound } from './views.js';
import { watchRound } from './watch-round.js';

export interface EngineOptions {
  /** The spaces as the orchestrator sees them. */
  readonly space: TupleSpace;
  readonly clock: Clock;
  readonly log: Log;
  readonly defaults: RoundDefaults;
  /** Rounds that may run at once. */
  readonly roundsMax: number;
  /** How long an ended round is kept, in ms. */
  readonly roundRetentionMs: number;
  /** What nodes are spoken to with; absent: in clear. */
  readonly tls?: Tls | undefined;
  /** Absent: nothing is traced. */
  readonly tracer?: Tracer | undefined;
  /** Absent: nothing is counted. */
  readonly metrics?: OrchestratorMetrics | undefined;
  /** How long a round waits for nodes that can host all of its generals, in ms. */
  readonly placementWaitMs: number;
  /** How long this orchestrator keeps its rounds when it says nothing, and after its connection broke, in ms. */
  readonly leaseMs: number;
  readonly leaseGraceMs: number;
  /** After its own start, and after an outage that cost it its lease: for so long no seats move, so that nodes can come back. */
  readonly returnMs: number;
  /** Where tokens and other texts that nobody may guess come from; default: the machine's. A simulation has its own. */
  readonly randomText?: (() => string) | undefined;
}

const listMax = 200;

export class Engine implements Orchestrator {
  readonly #options: EngineOptions;
  readonly #ledger: Ledger;
  readonly #seating: Seating;
  readonly #stop = new AbortController();
  readonly #drivers: Drivers;
  readonly #starter: RoundStarter;
  readonly #keeper: RoundKeeper;
  #startingCount = 0;
  #tasks: Promise<unknown> = Promise.resolve();

  constructor(options: EngineOptions) {
    this.#options = options;
    const { signal } = this.#stop;
    const traces = new RoundTraces(options.tracer);
    this.#ledger = new Ledger(options.space, options);
    this.#seating = new Seating(options.space, options);
    const parts = { ...options, ledger: this.#ledger, seating: this.#seating, traces, signal };
    const roundSpace = (number: number) => this.#roundSpace(number, { trace: traces.of(number) });
    this.#drivers = new Drivers({ ...parts, roundSpace });
    this.#keeper = new RoundKeeper({
      ...parts,
      drivers: this.#drivers,
      isBeginning: (number) => this.#starter.isBeginning(number),
    });
    this.#starter = new RoundStarter({
      ...parts,
      claims: this.#keeper.claims,
      nodesChanged: () => this.#keeper.nodesChanged(),
      look: (number) => this.#look(number, { withMessages: false }),
      drive: (round, seats) => this.#keeper.drive(round, seats),
      checkRoom: () => this.#checkRoom(),
    });
  }

  /** Makes the control space if nobody has, and begins to go on with the rounds that are open. */
  async start(): Promise<void> {
    const { signal } = this.#stop;
    const { metrics, space } = this.#options;
    if (metrics !== undefined) metrics.backend = (await space.getInfo()).backend;
    await this.#keeper.enter();
    const parts = { ...this.#options, ledger: this.#ledger, signal };
    this.#tasks = Promise.all([this.#keeper.run(), dropOldRounds(parts)]);
  }

  /** Goes on as a new orchestrator would: the space knows nothing of this one any more, and perhaps of none of its rounds. */
  startOver(): void {
    this.#keeper.startOver();
  }

  /** Stops driving rounds; they stay open in the space. Idempotent. */
  async stop(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort(new ServiceError('unavailable', 'the orchestrator is stopping'));
    await Promise.all([this.#tasks, this.#drivers.stopAll()]);
    await this.#keeper.leave();
  }

  async startRound(request: RoundRequest, options: CallOptions = {}): Promise<Round> {
    const resolved = resolveRound(request, this.#options.defaults, () => randomInt(2 ** 32));
    this.#startingCount += 1;
    try {
      return await this.#starter.start(request, resolved, options);
    } finally {
      this.#startingCount -= 1;
    }
  }

  watchRound(
    request: Parameters<Orchestrator['watchRound']>[0],
    { signal }: CallOptions = {},
  ): AsyncIterable<RoundEvent> {
    const signals = [this.#stop.signal, ...(signal === undefined ? [] : [signal])];
    return watchRound(this.#options.space, { ...request, signal: AbortSignal.any(signals) });
  }

  async getRound(
    { number, withMessages = false }: { readonly number: number; readonly withMessages?: boolean },
    { signal }: CallOptions = {},
  ): Promise<Round> {
    const round = await this.#look(number, { withMessages, signal });
    if (round === undefined)
      throw new ServiceError('not_found', `round ${number} is unknown, or was dropped`);
    return round;
  }

  async getEvidence(
    { number }: { readonly number: number },
    { signal }: CallOptions = {},
  ): Promise<Evidence> {
    const record = await this.#roundSpace(number).record({ withVotes: true, signal });
    if (record === undefined) throw new ServiceError('not_found', `round ${number} was never begun`);
    return evidenceOf(record);
  }

  async listRounds(
    { beforeNumber, limit = 20 }: { readonly beforeNumber?: number; readonly limit?: number },
    { signal }: CallOptions = {},
  ): Promise<readonly Round[]> {
    if (!Number.isInteger(limit) || limit < 1 || limit > listMax) {
      throw invalidArgument('limit', `${limit} is not a whole number from 1 to ${listMax}`);
    }
    const entries = await this.#ledger.entries(signal);
    const wanted = entries.filter(({ number }) => beforeNumber === undefined || number < beforeNumber);
    const rounds = wanted
      .slice(-limit)
      .reverse()
      .map(({ number }) => this.#look(number, { withMessages: false, signal }));
    return (await Promise.all(rounds)).filter((round) => round !== undefined);
  }

  async cancelRound({
    number,
    because,
  }: {
    readonly number: number;
    readonly because: string;
  }): Promise<Round> {
    const round = await this.getRound({ number });
    if (round.status !== 'running') {
      throw new ServiceError('failed_precondition', `round ${number} is ${round.status} already`);
    }
    await this.#drivers.stop(number);
    try {
      await this.#roundSpace(number).end({ kind: 'cancelled', because });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'already_exists') throw error;
      throw new ServiceError('failed_precondition', `round ${number} has ended meanwhile`, { cause: error });
    }
    await this.#seating.withdraw(number);
    return this.getRound({ number });
  }

  async listNodes({ signal }: CallOptions = {}): Promise<readonly NodeInfo[]> {
    const { space } = this.#options;
    const roundSpace = (number: number): RoundSpace => this.#roundSpace(number);
    return listNodes({ space, seating: this.#seating, roundSpace, signal });
  }

  async faultNode(fault: NodeFault, { signal }: CallOptions = {}): Promise<void> {
    const { space, tls } = this.#options;
    await faultNode(space, fault, { signal, tls });
  }

  /** Errors: resource_exhausted. Those that are being started count, the one that asks among them. */
  #checkRoom(): void {
    const { roundsMax } = this.#options;
    if (this.#drivers.count + this.#startingCount <= roundsMax) return;
    throw new ServiceError(
      'resource_exhausted',
      `${roundsMax} rounds are running; the limit is ${roundsMax}`,
    );
  }

  async #look(
    number: number,
    { withMessages, signal }: CallOptions & { readonly withMessages: boolean },
  ): Promise<Round | undefined> {
    const space = this.#roundSpace(number);
    const head = await space.head({ signal });
    if (head === undefined) return undefined;
    const needsVotes = withMessages || head.end?.end.kind !== 'verdict';
    if (!needsVotes) return toRound(head, { space: space.name, refusals: [] });
    const record = await space.record({ withVotes: true, signal });
    const refusals = await space.refusals({ signal });
    return record && toRound(record, { space: space.name, refusals, withMessages });
  }

  #roundSpace(number: number, { trace = '' } = {}): RoundSpace {
    const { space, clock } = this.#options;
    return new RoundSpace(withTrace(space, trace), { number, clock });
  }
}

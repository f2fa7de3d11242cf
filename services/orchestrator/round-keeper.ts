/**
 * Keeps rounds going whatever goes away: takes over the rounds of orchestrators that are gone, and moves the seats of nodes that are.
 */
import type { RoundTuple } from '../general-node/index.js';
import { controlSettings, controlSpace } from '../general-node/index.js';
import type { Clock, Log } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';
import { pause } from '../tuplespace/index.js';
import { Claims } from './claims.js';
import { ControlWatch } from './control-watch.js';
import type { Drivers } from './drivers.js';
import { Errand } from './errand.js';
import { Failover } from './failover.js';
import type { Ledger } from './ledger.js';
import type { OrchestratorMetrics } from './metrics.js';
import { type ResumptionOptions, takeOver } from './resumption.js';
import type { RoundTraces } from './round-traces.js';
import type { PlacedSeat, Seating } from './seating.js';

export interface RoundKeeperOptions {
  readonly space: TupleSpace;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly seating: Seating;
  readonly drivers: Drivers;
  readonly traces: RoundTraces;
  /** A round that this orchestrator is just beginning is not to be taken over. */
  readonly isBeginning: (round: number) => boolean;
  readonly metrics?: OrchestratorMetrics | undefined;
  readonly leaseMs: number;
  readonly leaseGraceMs: number;
  readonly returnMs: number;
  readonly randomText?: (() => string) | undefined;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Longest wait for the answer to a farewell, in ms. */
const leaveMsMax = 500;

/** Pause before a watch that failed is opened anew, in ms. */
const followPauseMs = 1_000;

export class RoundKeeper {
  readonly claims: Claims;
  readonly #options: RoundKeeperOptions;
  readonly #watch: ControlWatch;
  readonly #takingOver: Errand;
  readonly #reseating: Errand;
  /** What to take over; undefined: whatever there is. */
  #unclaimed: Set<number> | undefined = new Set();
  #settledAtMs = 0;

  constructor(options: RoundKeeperOptions) {
    const { drivers } = options;
    this.#options = options;
    this.claims = new Claims(options);
    const failover = new Failover({
      ...options,
      claims: this.claims,
      driven: (round) => drivers.driven(round),
    });
    this.#takingOver = new Errand({ ...options, name: 'takeover', run: () => this.#takeOver() });
    const reseat = async (): Promise<boolean> => {
      if (options.clock.monotonicMs() < this.#settledAtMs) return false;
      return failover.reseat();
    };
    this.#reseating = new Errand({ ...options, name: 'failover', run: reseat });
    this.#watch = new ControlWatch({
      ...options,
      onNodes: () => this.#reseating.call(),
      onUnclaimed: (rounds) => this.#addUnclaimed(rounds),
    });
  }

  /** Makes the control space if nobody has, and gets a lease; from then on rounds can be claimed. */
  async enter(): Promise<void> {
    const { space, signal } = this.#options;
    await space.putSpace({ space: controlSpace, settings: controlSettings }, { signal });
    await this.claims.enter(signal);
    this.#settle();
  }

  /** Goes on with the rounds that are open and nobody's; resolves when the signal has ended everything. */
  async run(): Promise<void> {
    await Promise.all([this.#follow(), this.#keep()]);
    await Promise.all([this.#takingOver.ended(), this.#reseating.ended()]);
  }

  /** Lets others have its rounds at once; a space that does not answer soon is left to end the lease by itself. */
  async leave(): Promise<void> {
    const { clock, log } = this.#options;
    const patience = new AbortController();
    const tooLate = (): void => patience.abort(new ServiceError('deadline_exceeded', 'no answer in time'));
    const stopTimer = clock.after(leaveMsMax, tooLate);
    await this.claims
      .leave(patience.signal)
      .catch((error: unknown) => log.warn('claims.not_left', { error }))
      .finally(stopTimer);
  }

  /** Drops what it drives, and goes on with what of it can be found in the space. */
  startOver(): void {
    const { drivers, log } = this.#options;
    log.warn('space.forgot', { drivenRounds: drivers.count });
    void drivers.stopAll().then(() => this.#addUnclaimed(undefined));
  }

  nodesChanged(): Promise<void> {
    return this.#watch.nodesChanged();
  }

  /** Drives a round that has just been seated. A node that went meanwhile went before it had the seat. */
  drive(round: RoundTuple, seats: readonly PlacedSeat[]): void {
    this.#options.drivers.drive(round, { isNew: true });
    if (!seats.every((seat) => this.#watch.isLive(seat))) this.#reseating.call();
  }

  /** A space that lost its memory is no reason to stop looking. */
  async #follow(): Promise<void> {
    const { clock, signal, log } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#watch.run(signal);
      } catch (error) {
        log.warn('control.watch_failed', { error });
        await pause(clock, followPauseMs, signal);
      }
    }
  }

  /** An orchestrator that lost its lease stands where a new one does: others may have its rounds. */
  async #keep(): Promise<void> {
    const { signal, drivers, log } = this.#options;
    while (!signal.aborted) {
      try {
        if (!(await this.claims.keep(signal))) return;
        log.warn('claims.lost', {});
        await drivers.stopAll();
        await this.enter();
        this.#addUnclaimed(undefined);
      } catch (error) {
        if (!signal.aborted) log.warn('claims.not_kept', { error });
      }
    }
  }

  /** Nodes may be about to come back. */
  #settle(): void {
    const { clock, returnMs } = this.#options;
    this.#settledAtMs = clock.monotonicMs() + returnMs;
  }

  #addUnclaimed(rounds: readonly number[] | undefined): void {
    // What cost this orchestrator its own lease may have cost the nodes theirs.
    if (rounds?.some((round) => this.#options.drivers.drives(round))) this.#settle();
    if (rounds === undefined) this.#unclaimed = undefined;
    for (const round of rounds ?? []) this.#unclaimed?.add(round);
    this.#takingOver.call();
  }

  async #takeOver(): Promise<boolean> {
    const { drivers, traces, space } = this.#options;
    const wanted = this.#unclaimed;
    this.#unclaimed = new Set();
    try {
      for await (const round of takeOver(wanted && [...wanted], this.#resumption)) {
        await traces.goOn(round, space);
        drivers.drive(round, { isNew: false });
        this.#reseating.call();
      }
      return true;
    } catch (error) {
      this.#addBack(wanted);
      throw error;
    }
  }

  get #resumption(): ResumptionOptions {
    const { drivers, isBeginning } = this.#options;
    const isUnderWay = (round: number): boolean => drivers.drives(round) || isBeginning(round);
    return { ...this.#options, claims: this.claims, isUnderWay };
  }

  #addBack(wanted: ReadonlySet<number> | undefined): void {
    if (wanted === undefined) this.#unclaimed = undefined;
    for (const round of wanted ?? []) this.#unclaimed?.add(round);
  }
}

/**
 * Claims: which orchestrator drives which round. A claim lives under the lease of its orchestrator; when that one is gone another takes
 * the round over. Claims keep two from doing the same work; that a round has one record and one verdict does not rest on them but on the
 * rules of its space.
 */
import { type Claim, claimTuple, controlSpace } from '../general-node/index.js';
import type { Clock, Log } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';
import { createToken, keepLease } from '../tuplespace/index.js';
import { patiently } from './patiently.js';

export interface ClaimsOptions {
  readonly space: TupleSpace;
  readonly clock: Clock;
  readonly log: Log;
  /** How long an orchestrator that says nothing keeps its rounds, in ms. */
  readonly leaseMs: number;
  /** How long it keeps them after its connection broke, in ms. */
  readonly leaseGraceMs: number;
  readonly randomText?: (() => string) | undefined;
}

export class Claims {
  readonly #options: ClaimsOptions;
  /** Of this orchestrator process; nobody else writes it. */
  readonly #instance: string;
  #leaseId = '';

  constructor(options: ClaimsOptions) {
    this.#options = options;
    this.#instance = (options.randomText ?? createToken)();
  }

  /** The lease that everything dies with which this orchestrator has under way. */
  get leaseId(): string {
    return this.#leaseId;
  }

  /** Whether a claim is this orchestrator process's own. */
  isOwn({ instance }: Claim): boolean {
    return instance === this.#instance;
  }

  /** Gets the lease; before it there are no claims. */
  async enter(signal: AbortSignal): Promise<void> {
    const { space } = this.#options;
    const granted = await patiently({ ...this.#options, signal }, () => space.lease(this.#lease, { signal }));
    this.#leaseId = granted.leaseId;
  }

  /** Keeps the lease; resolves with true when it is lost, and all claims with it, or with false by the signal. */
  keep(signal: AbortSignal): Promise<boolean> {
    const lease = { ...this.#lease, leaseId: this.#leaseId };
    return keepLease(this.#options.space, lease, { clock: this.#options.clock, signal });
  }

  /** Gives all claims up at once. Errors: those of the call. */
  async leave(signal: AbortSignal): Promise<void> {
    await this.#options.space.lease({ ...this.#lease, leaseId: this.#leaseId, ttlMs: 0 }, { signal });
  }

  /**
   * True when the round is this orchestrator's to drive; false when it is another's. Errors: unavailable (its own lease is over, or the
   * space has lost its memory; it gets another lease).
   */
  async claim(round: number): Promise<boolean> {
    const tuples = [claimTuple({ round, instance: this.#instance })];
    try {
      await this.#options.space.write({ space: controlSpace, tuples, leaseId: this.#leaseId });
      return true;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.code === 'already_exists') return false;
      if (error.code !== 'failed_precondition' && error.code !== 'not_found') throw error;
      throw new ServiceError('unavailable', 'the lease of the orchestrator is over; try again', {
        cause: error,
      });
    }
  }

  get #lease() {
    const { leaseMs, leaseGraceMs } = this.#options;
    return { space: controlSpace, ttlMs: leaseMs, graceMs: leaseGraceMs };
  }
}

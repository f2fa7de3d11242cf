/**
 * A node's place in the control space: a tuple that says who it is, under a lease that the node keeps renewing. When the lease is lost
 * the node enrols again; nobody else can do it in its name, since the space stamps the writer.
 */
import type { Clock, Log } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';
import { pause } from '../tuplespace/index.js';
import type { NodeTuple } from './tuples.js';
import { controlSettings, controlSpace, nodeTuple } from './tuples.js';

export interface EnrolmentOptions {
  readonly space: TupleSpace;
  readonly clock: Clock;
  readonly log: Log;
  /** How long the node counts as there without a renewal; it renews three times as often. */
  readonly leaseMs: number;
  /** How long it counts as there after its connection broke. */
  readonly leaseGraceMs: number;
}

/** Longest wait for the answer to a farewell, in ms. */
const leaveMsMax = 500;

export class Enrolment {
  readonly #node: Omit<NodeTuple, 'enrolledAtMs'>;
  readonly #options: EnrolmentOptions;
  #leaseId: string | undefined;

  constructor(node: Omit<NodeTuple, 'enrolledAtMs'>, options: EnrolmentOptions) {
    this.#node = node;
    this.#options = options;
  }

  /** Makes the control space if nobody has, and writes the node's tuple. Errors: those of the space's calls. */
  async enter(signal: AbortSignal): Promise<void> {
    const { space, leaseMs, leaseGraceMs, clock, log } = this.#options;
    await space.putSpace({ space: controlSpace, settings: controlSettings }, { signal });
    const granted = await space.lease(
      { space: controlSpace, ttlMs: leaseMs, graceMs: leaseGraceMs },
      { signal },
    );
    this.#leaseId = granted.leaseId;
    const tuple = nodeTuple({ ...this.#node, enrolledAtMs: clock.wallMs() });
    await this.#replaceOwn(tuple, granted.leaseId, signal);
    log.info('node.enrolled', { node: this.#node.node });
  }

  /** Renews the lease until the signal; enrols again when it was lost. Errors: those that waiting does not cure. */
  async keep(signal: AbortSignal): Promise<void> {
    const { clock, leaseMs } = this.#options;
    while (!signal.aborted) {
      await pause(clock, leaseMs / 3, signal);
      if (!signal.aborted) await this.#renew(signal);
    }
  }

  /** Gives the place up at once; a space that does not answer soon is left to end the lease by itself. */
  async leave(): Promise<void> {
    if (this.#leaseId === undefined) return;
    const { space, clock } = this.#options;
    const patience = new AbortController();
    const stopTimer = clock.after(leaveMsMax, () => patience.abort(tooLate()));
    try {
      const farewell = { space: controlSpace, leaseId: this.#leaseId, ttlMs: 0 };
      await space.lease(farewell, { signal: patience.signal });
    } finally {
      stopTimer();
    }
    this.#leaseId = undefined;
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const { space, leaseMs, leaseGraceMs, log } = this.#options;
    try {
      const leaseId = this.#leaseId;
      if (leaseId === undefined) return await this.enter(signal);
      await space.lease({ space: controlSpace, leaseId, ttlMs: leaseMs, graceMs: leaseGraceMs }, { signal });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ServiceError)) throw error;
      if (error.code === 'failed_precondition' || error.code === 'not_found') this.#leaseId = undefined;
      else if (error.code !== 'unavailable') throw error;
      log.warn('node.lease_not_renewed', { node: this.#node.node, code: error.code });
    }
  }

  /** A node that comes back before its old lease has run out takes its old tuple away first. */
  async #replaceOwn(
    tuple: ReturnType<typeof nodeTuple>,
    leaseId: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { space } = this.#options;
    try {
      await space.write({ space: controlSpace, tuples: [tuple], leaseId }, { signal });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'already_exists') throw error;
      const own = tuple.map((value, i) =>
        i < 2 ? { kind: 'exact' as const, value } : { kind: 'any' as const },
      );
      await space.take({ space: controlSpace, templates: [own] }, { signal });
      await space.write({ space: controlSpace, tuples: [tuple], leaseId }, { signal });
    }
  }
}

function tooLate(): ServiceError {
  return new ServiceError(
    'deadline_exceeded',
    `the space did not answer the farewell within ${leaveMsMax} ms`,
  );
}

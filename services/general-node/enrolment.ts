/**
 * A node's place in the control space: a tuple that says who it is, under a lease that the node keeps renewing. When the lease is lost
 * the node enrols again; nobody else can do it in its name, since the space stamps the writer.
 */
import type { Clock, Log } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';
import { keepLease, pause } from '../tuplespace/index.js';
import type { Assignment, NodeTuple } from './control-tuples.js';
import {
  controlSettings,
  controlSpace,
  drainingTuple,
  nodeTemplate,
  nodeTuple,
  readNode,
  returnedTuple,
  seenTuple,
} from './control-tuples.js';

export interface EnrolmentOptions {
  readonly space: TupleSpace;
  readonly clock: Clock;
  readonly log: Log;
  /** How long it counts as there after its connection broke. */
  readonly leaseGraceMs: number;
}

/** Longest wait for the answer to a farewell, in ms. */
const leaveMsMax = 500;

/** For so many leases its last sign of life can be looked up. */
const rememberedLeases = 10;

export class Enrolment {
  readonly #node: Omit<NodeTuple, 'enrolledAtMs'>;
  readonly #options: EnrolmentOptions;
  #leaseId: string | undefined;

  constructor(node: Omit<NodeTuple, 'enrolledAtMs'>, options: EnrolmentOptions) {
    this.#node = node;
    this.#options = options;
  }

  /**
   * Makes the control space if nobody has, and writes the node's tuple. While another process stands there under the same id it waits
   * for as long as that one's lease may last without it. Errors: already_exists (the other one lives), those of the space's calls.
   */
  async enter(signal: AbortSignal): Promise<void> {
    const { space, clock, log } = this.#options;
    await space.putSpace({ space: controlSpace, settings: controlSettings }, { signal });
    const startedMs = clock.monotonicMs();
    for (;;) {
      const other = await this.#stander(signal);
      if (other === undefined && (await this.#write(signal))) break;
      if (other === undefined) continue;
      if (clock.monotonicMs() - startedMs > other.leaseMs * 1.5) throw idInUse(other);
      await pause(clock, other.leaseMs / 20, signal);
      signal.throwIfAborted();
    }
    log.info('node.enrolled', { node: this.#node.node });
  }

  /** Renews the lease until the signal; enrols again when it was lost. Errors: those that waiting does not cure. */
  async keep(signal: AbortSignal): Promise<void> {
    const { space, clock, log, leaseGraceMs } = this.#options;
    const { node, leaseMs } = this.#node;
    while (!signal.aborted) {
      const leaseId = this.#leaseId;
      if (leaseId === undefined) {
        await this.enter(signal);
        continue;
      }
      const lease = { space: controlSpace, leaseId, ttlMs: leaseMs, graceMs: leaseGraceMs };
      const isLost = await keepLease(space, lease, { clock, signal, onRenewed: () => this.#beSeen(signal) });
      if (!isLost) return;
      this.#leaseId = undefined;
      log.warn('node.lease_lost', { node });
    }
  }

  /** Says that the node is going to leave: its seats go elsewhere, and no others come. */
  async announceDrain(signal: AbortSignal): Promise<void> {
    await this.#writeUnderLease(drainingTuple(this.#node), signal);
  }

  /** Gives a seat back that this node cannot hold. */
  async giveBack(seat: Assignment, because: string, signal: AbortSignal): Promise<void> {
    await this.#writeUnderLease(returnedTuple({ ...seat, because }), signal);
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

  /** Another process under this id. What this one left there itself, under a lease that it lost sight of, is taken away. */
  async #stander(signal: AbortSignal): Promise<NodeTuple | undefined> {
    const { space } = this.#options;
    const templates = [nodeTemplate(this.#node)];
    const { tuples } = await space.read({ space: controlSpace, templates }, { signal });
    const standing = tuples.map(readNode).find((node) => node !== undefined);
    if (standing?.incarnation !== this.#node.incarnation) return standing;
    await space.take({ space: controlSpace, templates }, { signal });
    return undefined;
  }

  /** False when somebody else was first. */
  async #write(signal: AbortSignal): Promise<boolean> {
    const { space, clock, leaseGraceMs } = this.#options;
    const { leaseMs } = this.#node;
    const grant = { space: controlSpace, ttlMs: leaseMs, graceMs: leaseGraceMs };
    const { leaseId } = await space.lease(grant, { signal });
    const tuple = nodeTuple({ ...this.#node, enrolledAtMs: clock.wallMs() });
    try {
      await space.write({ space: controlSpace, tuples: [tuple], leaseId }, { signal });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'already_exists') throw error;
      return false;
    }
    this.#leaseId = leaseId;
    await this.#beSeen(signal);
    return true;
  }

  async #beSeen(signal: AbortSignal): Promise<void> {
    const ttlMs = this.#node.leaseMs * rememberedLeases;
    const sign = { space: controlSpace, tuples: [seenTuple(this.#node)], ttlMs };
    await this.#options.space.write(sign, { signal });
  }

  async #writeUnderLease(tuple: ReturnType<typeof nodeTuple>, signal: AbortSignal): Promise<void> {
    // Without a lease the node is not there, and all its seats are moved anyway.
    if (this.#leaseId === undefined) return;
    const { space } = this.#options;
    await space.write({ space: controlSpace, tuples: [tuple], leaseId: this.#leaseId }, { signal });
  }
}

function idInUse({ node, address, enrolledAtMs }: NodeTuple): ServiceError {
  const where = address === '' ? '' : `, at ${address}`;
  const since = new Date(enrolledAtMs).toISOString();
  return new ServiceError(
    'already_exists',
    `node_id: "${node}" is the id of another node, there since ${since}${where}; give this one another id, or none`,
  );
}

function tooLate(): ServiceError {
  return new ServiceError(
    'deadline_exceeded',
    `the space did not answer the farewell within ${leaveMsMax} ms`,
  );
}

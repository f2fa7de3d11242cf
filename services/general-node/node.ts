/**
 * A node: enrols, follows its assignments in the control space, and gives each to its seats. When the space forgot the node (it was
 * restarted without memory) the node enrols again.
 */
import type { GeneralId } from '../consensus/index.js';
import { ServiceError } from '../runtime/index.js';
import type { Connection, StoredTuple, TupleSpace, WatchFrame } from '../tuplespace/index.js';
import { follow, pause } from '../tuplespace/index.js';
import type { Assignment } from './control-tuples.js';
import { assignmentTemplate, controlSpace, readAssignment } from './control-tuples.js';
import { Enrolment } from './enrolment.js';
import type { SeatsOptions } from './seats.js';
import { Seats } from './seats.js';

export interface NodeOptions extends Omit<SeatsOptions, 'giveBack'> {
  readonly node: string;
  /** Of this process: another one with the same id has nothing of what this one holds. */
  readonly incarnation: string;
  /** Of this node's GeneralNode service; empty where it has none. */
  readonly address: string;
  /** The generals that it brings; empty: any. */
  readonly generals: readonly GeneralId[];
  /** The bootstrap secret; empty where the space has none. */
  readonly secret: string;
  /** How long the node counts as there without a renewal of its lease. */
  readonly leaseMs: number;
  /** How long it counts as there after its connection broke. */
  readonly leaseGraceMs: number;
  /** How long a node that stops waits for its seats to be taken over; 0: not at all. */
  readonly drainMs: number;
}

/** What a node has while it is enrolled. */
interface Place {
  readonly connection: Connection;
  readonly enrolment: Enrolment;
}

/** Pause before a node that lost its place enrols again, in ms. */
const enrolPauseMs = 500;

export class Node {
  readonly seats: Seats;
  readonly #options: NodeOptions;
  readonly #stop = new AbortController();
  #place: Place | undefined;
  #life: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | undefined;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.seats = new Seats({ ...options, giveBack: (seat, because) => this.#giveBack(seat, because) });
  }

  get id(): string {
    return this.#options.node;
  }

  /** Enrols and begins to follow assignments. Errors: unauthenticated (the secret), unavailable. */
  async start(): Promise<void> {
    const { signal } = this.#stop;
    this.#place = await this.#enter(signal);
    this.#life = this.#live(signal);
  }

  /** Hands its seats over, leaves the control space, stops the generals, closes the connection. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#leave();
    return this.#stopping;
  }

  async #leave(): Promise<void> {
    await this.#drain();
    this.#stop.abort(new ServiceError('unavailable', `node ${this.id} is stopping`));
    await this.#life;
    await this.seats.stop();
    // Without this the lease ends by itself a little later; nothing else depends on it.
    await this.#place?.enrolment.leave().catch((error: unknown) => this.#warn('node.leave_failed', error));
    await this.#place?.connection.close();
  }

  /** Its generals go on speaking until others have their seats. */
  async #drain(): Promise<void> {
    const { clock, log, drainMs } = this.#options;
    if (this.#place === undefined || drainMs === 0 || !this.seats.isBusy) return;
    const end = new AbortController();
    const stopTimer = clock.after(drainMs, () => end.abort(new Error('the time for the drain is over')));
    try {
      log.info('node.draining', { node: this.id });
      await this.#place.enrolment.announceDrain(end.signal);
      await this.seats.idle(end.signal);
    } catch (error) {
      this.#warn('node.drain_cut_short', error);
    } finally {
      stopTimer();
    }
  }

  /** A seat that could not be given back is moved when this node is gone. */
  async #giveBack(seat: Assignment, because: string): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return;
    await this.#place?.enrolment
      .giveBack(seat, because, signal)
      .catch((error: unknown) => this.#warn('node.seat_not_returned', error));
  }

  async #enter(signal: AbortSignal): Promise<Place> {
    const { node, incarnation, address, generals, seatsMax, leaseMs } = this.#options;
    const { connect, secret, clock, log, leaseGraceMs } = this.#options;
    const door = connect('');
    const { token } = await door.space.enrol({ kind: 'node', id: node, secret }, { signal });
    await door.close();
    const connection = connect(token);
    const { space } = connection;
    const self = { node, incarnation, address, generals, seatsMax, leaseMs };
    const enrolment = new Enrolment(self, { space, clock, log, leaseGraceMs });
    try {
      await enrolment.enter(signal);
    } catch (error) {
      await connection.close();
      throw error;
    }
    return { connection, enrolment };
  }

  async #live(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#place ??= await this.#enter(signal);
        await this.#serve(this.#place, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#warn('node.lost_its_place', error);
        await this.#place?.connection.close();
        this.#place = undefined;
        await pause(this.#options.clock, enrolPauseMs, signal);
      }
    }
  }

  /** Keeps the lease and follows the assignments until either fails. */
  async #serve({ enrolment, connection }: Place, stop: AbortSignal): Promise<void> {
    const lost = new AbortController();
    const signal = AbortSignal.any([stop, lost.signal]);
    const tasks = [enrolment.keep(signal), this.#followAssignments(connection.space, signal)];
    try {
      await Promise.all(tasks);
    } finally {
      lost.abort();
      await Promise.allSettled(tasks);
    }
  }

  async #followAssignments(space: TupleSpace, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const request = {
      space: controlSpace,
      templates: [assignmentTemplate({ node: this.id })],
      from: { revision: 0n },
    };
    let standing: Assignment[] = [];
    for await (const frame of follow(space, request, { clock, signal })) {
      standing = frame.kind === 'snapshot' ? await this.#takeStanding(frame, standing) : [];
      if (frame.kind === 'events') await this.#handle(frame);
    }
  }

  /** A snapshot says which seats there are: all others are gone. */
  async #takeStanding(
    frame: Extract<WatchFrame, { kind: 'snapshot' }>,
    before: readonly Assignment[],
  ): Promise<Assignment[]> {
    const standing = [...before, ...frame.tuples.flatMap((tuple) => this.#own(tuple) ?? [])];
    if (frame.isLast) await this.seats.keepOnly(standing);
    for (const assignment of standing) this.seats.take(assignment);
    return frame.isLast ? [] : standing;
  }

  async #handle(frame: Extract<WatchFrame, { kind: 'events' }>): Promise<void> {
    for (const { kind, tuple } of frame.events) {
      const assignment = this.#own(tuple);
      if (assignment === undefined) continue;
      if (kind === 'written') this.seats.take(assignment);
      else if (kind === 'taken' || kind === 'expired') await this.seats.give(assignment);
    }
  }

  /** What was given to another process under this id is no seat of this one. */
  #own(tuple: StoredTuple): Assignment | undefined {
    const assignment = readAssignment(tuple);
    return assignment?.incarnation === this.#options.incarnation ? assignment : undefined;
  }

  #warn(event: string, error: unknown): void {
    this.#options.log.warn(event, { node: this.id, error: String(error) });
  }
}

/**
 * A node: enrols, follows its assignments in the control space, and gives each to its seats. When the space forgot the node (it was
 * restarted without memory) the node enrols again.
 */
import type { GeneralId } from '../consensus/index.js';
import { ServiceError } from '../runtime/index.js';
import type { Connection, TupleSpace, WatchFrame } from '../tuplespace/index.js';
import { follow, pause } from '../tuplespace/index.js';
import { Enrolment } from './enrolment.js';
import type { SeatsOptions } from './seats.js';
import { Seats } from './seats.js';
import type { Assignment } from './tuples.js';
import { assignmentTemplate, controlSpace, readAssignment } from './tuples.js';

export interface NodeOptions extends SeatsOptions {
  readonly node: string;
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

  constructor(options: NodeOptions) {
    this.#options = options;
    this.seats = new Seats(options);
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

  /** Leaves the control space, stops the generals, closes the connection. Idempotent. */
  async stop(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort(new ServiceError('unavailable', `node ${this.id} is stopping`));
    await this.#life;
    await this.seats.stop();
    // Without this the lease ends by itself a little later; nothing else depends on it.
    await this.#place?.enrolment.leave().catch((error: unknown) => this.#warn('node.leave_failed', error));
    await this.#place?.connection.close();
  }

  async #enter(signal: AbortSignal): Promise<Place> {
    const { node, address, generals, connect, secret, clock, log, leaseMs, leaseGraceMs } = this.#options;
    const door = connect('');
    const { token } = await door.space.enrol({ kind: 'node', id: node, secret }, { signal });
    await door.close();
    const connection = connect(token);
    const { space } = connection;
    const enrolment = new Enrolment(
      { node, address, generals },
      { space, clock, log, leaseMs, leaseGraceMs },
    );
    await enrolment.enter(signal);
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
    const standing = [...before, ...frame.tuples.map(readAssignment).filter((one) => one !== undefined)];
    if (frame.isLast) await this.seats.keepOnly(standing);
    for (const assignment of standing) this.seats.take(assignment);
    return frame.isLast ? [] : standing;
  }

  async #handle(frame: Extract<WatchFrame, { kind: 'events' }>): Promise<void> {
    for (const { kind, tuple } of frame.events) {
      const assignment = readAssignment(tuple);
      if (assignment === undefined) continue;
      if (kind === 'written') this.seats.take(assignment);
      else if (kind === 'taken' || kind === 'expired') await this.seats.give(assignment);
    }
  }

  #warn(event: string, error: unknown): void {
    this.#options.log.warn(event, { node: this.id, error: String(error) });
  }
}

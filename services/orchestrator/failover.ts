/**
 * Failover: seats whose node is gone or going, or has given them back, move to other nodes, each with the next epoch and a token of its own.
 * A seat that nobody can take stays where it is, and is moved when a node comes.
 */
import type { Assignment, RoundTuple } from '../general-node/index.js';
import { assignmentTuple, controlSpace, roundSpace, seatTuple } from '../general-node/index.js';
import type { Clock, Log } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';
import { template } from '../tuplespace/index.js';
import type { Claims } from './claims.js';
import type { OrchestratorMetrics } from './metrics.js';
import { placeGenerals } from './placement.js';
import type { HomelessReason, Roster } from './roster.js';
import { onNodes, type PlacedSeat, type Seating } from './seating.js';

export interface FailoverOptions {
  readonly space: TupleSpace;
  readonly clock: Clock;
  readonly log: Log;
  readonly seating: Seating;
  readonly claims: Claims;
  readonly metrics?: OrchestratorMetrics | undefined;
  /** The round of this number, if this orchestrator drives it. */
  readonly driven: (round: number) => RoundTuple | undefined;
}

/** How long a seat may be on its way; the orchestrator's lease ends a move that it does not finish. */
const moveMsMax = 10_000;

export class Failover {
  readonly #options: FailoverOptions;
  /** When each homeless seat was first seen to be so, by the monotonic clock. */
  #homelessSinceMs: ReadonlyMap<string, number> = new Map();

  constructor(options: FailoverOptions) {
    this.#options = options;
  }

  /** Moves what must be moved and can be; false when another try is needed. */
  async reseat(): Promise<boolean> {
    const { seating, driven, log, clock } = this.#options;
    const roster = await seating.roster();
    const homeless = roster.assignments.filter(
      (one) => driven(one.round) !== undefined && roster.homelessBecause(one) !== undefined,
    );
    const nowMs = clock.monotonicMs();
    this.#homelessSinceMs = new Map(
      homeless.map(seatKey).map((key) => [key, this.#homelessSinceMs.get(key) ?? nowMs]),
    );
    const rounds = new Set(homeless.map(({ round }) => round));
    const moves = [...rounds].flatMap((round) => planMoves(roster, homeless, round));
    const waiting = homeless.length - moves.length;
    if (waiting > 0) log.warn('seats.without_node', { seats: waiting });
    await Promise.all(roster.endedRounds().map((round) => seating.withdraw(round)));
    const moved = await Promise.all(moves.map((move) => this.#move(move)));
    return moved.every(Boolean);
  }

  /**
   * The assignment is held, so that nobody else moves it; the new token voids the old epoch in one step; the old assignment is replaced by
   * the new one in one step. Whoever stops in between leaves a seat that another move finds as it was, but for an epoch that was spent.
   */
  async #move({ from, to, because }: Move): Promise<boolean> {
    const { space, clock, claims, seating, driven, log, metrics } = this.#options;
    const { round: number, general } = from;
    const round = driven(number);
    if (round === undefined) return true;
    const { holdToken } = await space.take({
      space: controlSpace,
      templates: [template(...assignmentTuple(from))],
      holdMs: moveMsMax,
      leaseId: claims.leaseId,
    });
    if (holdToken === undefined) return false;
    const seat = { ...to, epoch: await this.#spendEpoch(from, to) };
    const prepared = seating.prepare(round, [seat]);
    await seating.admit(prepared);
    const tuples = prepared.map(assignmentTuple);
    await space.settle({ space: controlSpace, holdToken, action: { kind: 'commit', tuples } });
    const { node, epoch } = seat;
    log.info('seat.moved', { round: number, general, from: from.node, because, to: node, epoch });
    const nowMs = clock.monotonicMs();
    metrics?.failedOver(because, nowMs - (this.#homelessSinceMs.get(seatKey(from)) ?? nowMs));
    // The round may have ended while its seat was on the way.
    if (driven(number) === undefined) await seating.withdraw(number);
    return true;
  }

  /** The next epoch of the seat, noted in the round's space for good. */
  async #spendEpoch({ round, general, epoch: before }: Assignment, { node }: PlacedSeat): Promise<number> {
    const { space } = this.#options;
    for (let epoch = before + 1; ; epoch += 1) {
      try {
        await space.write({ space: roundSpace(round), tuples: [seatTuple({ general, node, epoch })] });
        return epoch;
      } catch (error) {
        if (!(error instanceof ServiceError) || error.code !== 'already_exists') throw error;
      }
    }
  }
}

interface Move {
  readonly from: Assignment;
  readonly to: PlacedSeat;
  readonly because: HomelessReason;
}

function seatKey({ round, general, epoch }: Assignment): string {
  return `${round}/${general}/${epoch}`;
}

function planMoves(roster: Roster, homeless: readonly Assignment[], round: number): readonly Move[] {
  const seats = homeless.filter((one) => one.round === round);
  const { placed } = placeGenerals(
    seats.map(({ general }) => general),
    roster.placeable(round),
    (general, node) => roster.hasReturned(node, { round, general }),
  );
  return seats.flatMap((from) => {
    const node = placed.get(from.general);
    const because = roster.homelessBecause(from);
    if (node === undefined || because === undefined) return [];
    return onNodes([{ ...from, node }], roster).map((to) => ({ from, to, because }));
  });
}

/**
 * Who is there: the nodes that are enrolled, the seats that are handed out, and which of these nobody holds any more. Read from the
 * control space; nothing is decided here.
 */
import type { Assignment, NodeTuple, Returned, SeatEpoch } from '../general-node/index.js';
import {
  assignmentTemplate,
  controlSpace,
  drainingTemplate,
  nodeTemplate,
  readAssignment,
  readDraining,
  readNode,
  readReturned,
  readSeen,
  returnedTemplate,
  seenTemplate,
} from '../general-node/index.js';
import type { CallOptions, StoredTuple, TupleSpace } from '../tuplespace/index.js';
import { readAll } from '../tuplespace/index.js';
import type { PlaceableNode } from './placement.js';

export interface EnrolledNode extends NodeTuple {
  /** It is going to leave: it gets no seats, and those that it has go elsewhere. */
  readonly isDraining: boolean;
}

/** Its node is not there any more, is going to leave, or has given the seat back. */
export type HomelessReason = 'gone' | 'draining' | 'returned';

export class Roster {
  readonly nodes: readonly EnrolledNode[];
  readonly assignments: readonly Assignment[];
  /** The last sign of each node, by the store's clock. */
  readonly seenAtMs: ReadonlyMap<string, number>;
  readonly #returned: readonly Returned[];

  constructor(tuples: readonly StoredTuple[]) {
    const draining = new Set(tuples.flatMap((tuple) => readDraining(tuple)?.incarnation ?? []));
    this.nodes = tuples
      .flatMap((tuple) => readNode(tuple) ?? [])
      .map((node) => ({ ...node, isDraining: draining.has(node.incarnation) }))
      .sort((left, right) => (left.node < right.node ? -1 : 1));
    this.assignments = tuples.flatMap((tuple) => readAssignment(tuple) ?? []);
    this.#returned = tuples.flatMap((tuple) => readReturned(tuple) ?? []);
    const seen = tuples.flatMap((tuple) => readSeen(tuple) ?? []);
    this.seenAtMs = new Map(seen.map(({ node, atMs }) => [node, atMs]));
  }

  /** Why the assignment is nobody's any more; undefined while its node holds it. */
  homelessBecause({ incarnation, ...seat }: Assignment): HomelessReason | undefined {
    const node = this.nodes.find((one) => one.incarnation === incarnation);
    if (node === undefined) return 'gone';
    if (node.isDraining) return 'draining';
    const isReturned = this.#returned.some(
      (one) => one.node === node.node && one.epoch === seat.epoch && isOfSeat(one, seat),
    );
    return isReturned ? 'returned' : undefined;
  }

  /** A node has given this seat back, in whatever epoch: it gets it no more. */
  hasReturned(node: string, seat: Omit<SeatEpoch, 'epoch'>): boolean {
    return this.#returned.some((one) => one.node === node && isOfSeat(one, seat));
  }

  /** Rounds that have ended: a node gave a seat of theirs back too late. */
  endedRounds(): readonly number[] {
    const seated = new Set(this.assignments.map(({ round }) => round));
    return [...new Set(this.#returned.map(({ round }) => round))].filter((round) => !seated.has(round));
  }

  /** The nodes that seats of a round may go to. */
  placeable(round?: number): readonly PlaceableNode[] {
    return this.nodes
      .filter(({ isDraining }) => !isDraining)
      .map(({ node, incarnation, generals, seatsMax }) => {
        const own = this.assignments.filter((one) => one.incarnation === incarnation);
        const roundSeatCount = own.filter((one) => one.round === round).length;
        return { node, generals, seatsMax, roundSeatCount, seatCount: own.length };
      });
  }
}

/** `withSeen`: also the nodes' signs of life. */
export async function readRoster(
  space: TupleSpace,
  { withSeen = false, ...options }: CallOptions & { readonly withSeen?: boolean } = {},
): Promise<Roster> {
  const seats = [nodeTemplate(), drainingTemplate, returnedTemplate(), assignmentTemplate({})];
  const templates = withSeen ? [...seats, seenTemplate] : seats;
  const tuples: StoredTuple[] = [];
  // A seat that is being moved is held.
  const request = { space: controlSpace, templates, includeHeld: true };
  for await (const tuple of readAll(space, request, options)) tuples.push(tuple);
  return new Roster(tuples);
}

function isOfSeat(one: Omit<SeatEpoch, 'epoch'>, { round, general }: Omit<SeatEpoch, 'epoch'>): boolean {
  return one.round === round && one.general === general;
}

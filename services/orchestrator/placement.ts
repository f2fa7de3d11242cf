/**
 * Placement: which node hosts which general. Pure; the generals of a round spread evenly, so that the loss of a node costs the round as
 * few of them as can be, and nodes that bring their own list get just those.
 */
import type { GeneralId } from '../consensus/index.js';

/** A node as placement sees it. */
export interface PlaceableNode {
  readonly node: string;
  /** The generals that it brings; empty: any. */
  readonly generals: readonly GeneralId[];
  /** Seats that it has already: of this round, and of all running rounds. */
  readonly roundSeatCount: number;
  readonly seatCount: number;
  /** Seats that it takes at once. */
  readonly seatsMax: number;
}

export interface Placement {
  /** In the order of the generals. */
  readonly placed: ReadonlyMap<GeneralId, string>;
  /** Those that no node can take. */
  readonly missing: readonly GeneralId[];
}

/**
 * A node for each general of one round that can have one. A general goes to a node with room among those that list it, or else among
 * those that take any: to the one with the fewest seats of the round, then with the fewest seats, then by id. `isBarred` keeps a
 * general from a node.
 */
export function placeGenerals(
  generals: readonly GeneralId[],
  nodes: readonly PlaceableNode[],
  isBarred: (general: GeneralId, node: string) => boolean = () => false,
): Placement {
  const loads = nodes.map((node) => ({ ...node }));
  const placed = new Map<GeneralId, string>();
  for (const general of generals) {
    const open = candidates(general, loads).filter((load) => hasRoom(load) && !isBarred(general, load.node));
    const [best] = open.sort(byLoad);
    if (best === undefined) continue;
    best.roundSeatCount += 1;
    best.seatCount += 1;
    placed.set(general, best.node);
  }
  return { placed, missing: generals.filter((general) => !placed.has(general)) };
}

/** The most seats of one round that one node holds: what its loss would cost. */
export function largestLoss(placed: ReadonlyMap<GeneralId, string>): number {
  const counts = new Map<string, number>();
  for (const node of placed.values()) counts.set(node, (counts.get(node) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

type Load = { -readonly [Key in keyof PlaceableNode]: PlaceableNode[Key] };

function candidates(general: GeneralId, nodes: readonly Load[]): readonly Load[] {
  const listing = nodes.filter(({ generals }) => generals.includes(general));
  return listing.length > 0 ? listing : nodes.filter(({ generals }) => generals.length === 0);
}

function hasRoom({ seatCount, seatsMax }: Load): boolean {
  return seatCount < seatsMax;
}

function byLoad(left: Load, right: Load): number {
  const difference = left.roundSeatCount - right.roundSeatCount || left.seatCount - right.seatCount;
  return difference !== 0 ? difference : left.node < right.node ? -1 : 1;
}

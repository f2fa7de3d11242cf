/**
 * Placement: which node hosts which general. Pure; generals spread evenly, and nodes that bring their own list get just those.
 */
import type { GeneralId } from '../consensus/index.js';
import { ServiceError } from '../runtime/index.js';

/** A node as placement sees it. */
export interface PlaceableNode {
  readonly node: string;
  /** The generals that it brings; empty: any. */
  readonly generals: readonly GeneralId[];
  /** Seats of running rounds that it has already. */
  readonly seatCount: number;
}

/**
 * A node for each general, in the order of the generals. A general goes to the node with the fewest seats among those that list it, or
 * else among those that take any; ties go by node id. Errors: failed_precondition, naming the generals that nobody serves.
 */
export function placeGenerals(
  generals: readonly GeneralId[],
  nodes: readonly PlaceableNode[],
): ReadonlyMap<GeneralId, string> {
  const seatCounts = new Map(nodes.map(({ node, seatCount }) => [node, seatCount]));
  const placed = new Map<GeneralId, string>();
  for (const general of generals) {
    const node = leastLoaded(candidates(general, nodes), seatCounts);
    if (node === undefined) continue;
    seatCounts.set(node, (seatCounts.get(node) ?? 0) + 1);
    placed.set(general, node);
  }
  const unserved = generals.filter((general) => !placed.has(general));
  if (unserved.length > 0) throw unservedError(unserved, nodes);
  return placed;
}

/** The most seats of one round that one node holds: what its loss would cost. */
export function largestLoss(placed: ReadonlyMap<GeneralId, string>): number {
  const counts = new Map<string, number>();
  for (const node of placed.values()) counts.set(node, (counts.get(node) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

function candidates(general: GeneralId, nodes: readonly PlaceableNode[]): readonly PlaceableNode[] {
  const listing = nodes.filter(({ generals }) => generals.includes(general));
  return listing.length > 0 ? listing : nodes.filter(({ generals }) => generals.length === 0);
}

function leastLoaded(
  nodes: readonly PlaceableNode[],
  seatCounts: ReadonlyMap<string, number>,
): string | undefined {
  let best: { node: string; count: number } | undefined;
  for (const { node } of nodes) {
    const count = seatCounts.get(node) ?? 0;
    const isBetter = best === undefined || count < best.count || (count === best.count && node < best.node);
    if (isBetter) best = { node, count };
  }
  return best?.node;
}

function unservedError(unserved: readonly GeneralId[], nodes: readonly PlaceableNode[]): ServiceError {
  const enrolled =
    nodes.length === 0
      ? 'no node is enrolled: start one with byz general-node'
      : `enrolled: ${nodes.map(({ node, generals }) => `${node} (${generals.join(', ')})`).join(', ')}`;
  return new ServiceError('failed_precondition', `no node serves ${unserved.join(', ')}; ${enrolled}`);
}

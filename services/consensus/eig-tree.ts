/**
 * The tree of what one general heard, by path ("exponential information gathering" in the form of Lamport,
 * Shostak and Pease: an inner node counts its own stored vote and the results of its children, which are the
 * relays by others). This is not Lynch's form, in which a general is a child of itself.
 *
 * For one receiver the tree is regular. With k others beside the commander and itself, a node at level p has
 * k - p children, so a level is an array by rank and the children of rank r are a contiguous block of the
 * next level.
 */
import { majority } from './majority.js';
import {
  defaultVote,
  type GeneralId,
  type Path,
  type Setting,
  type Vote,
  type VoteNode,
} from './protocol.js';

/** Who the tree is about. Level p holds the paths of p + 1 generals. */
export interface TreeShape {
  readonly commander: GeneralId;
  /** Everyone but the commander and the receiver, in canonical order. */
  readonly others: readonly GeneralId[];
  /** Their places in `others`. */
  readonly places: ReadonlyMap<GeneralId, number>;
  /** How many levels there are, m + 1; deep ones may be empty. */
  readonly levelCount: number;
}

/** The votes heard at one level, by rank; undefined, or a missing tail, is a vote that did not come. */
export type Level = readonly (Vote | undefined)[];

/** The shape of the tree that `self`, a lieutenant, fills. O(n). */
export function treeShape(setting: Setting, self: GeneralId): TreeShape {
  const { commander, generals, traitorsMax } = setting;
  const others = generals.filter((general) => general !== commander && general !== self);
  const places = new Map(others.map((general, place) => [general, place]));
  return { commander, others, places, levelCount: traitorsMax + 1 };
}

/** How many paths a level holds: k!/(k-p)! with k others. */
export function levelSize(shape: TreeShape, level: number): number {
  let size = 1;
  for (let depth = 0; depth < level && size > 0; depth += 1) size *= childCount(shape, depth);
  return size;
}

/**
 * The rank of a path, or of its first `length` generals, among those of its level; undefined for what is no
 * path of this tree: another commander, an unknown general, the receiver itself, or a general twice.
 * O(length²).
 */
export function rankOf(shape: TreeShape, path: Path, length = path.length): number | undefined {
  if (path[0] !== shape.commander || length > shape.levelCount) return undefined;
  const places: number[] = [];
  let rank = 0;
  for (let depth = 1; depth < length; depth += 1) {
    const general = path[depth];
    const place = general === undefined ? undefined : shape.places.get(general);
    if (place === undefined) return undefined;
    let smaller = 0;
    for (const earlier of places) {
      if (earlier === place) return undefined;
      if (earlier < place) smaller += 1;
    }
    rank = rank * childCount(shape, depth - 1) + place - smaller;
    places.push(place);
  }
  return rank;
}

/**
 * What the receiver makes of each path, level by level: at the deepest level what it heard, above it the
 * majority of what it heard and of its children. The decision is the one value of level 0. O(number of
 * paths).
 */
export function resolve(shape: TreeShape, heard: readonly Level[]): Vote[][] {
  const values: Vote[][] = [];
  for (let level = shape.levelCount - 1; level >= 0; level -= 1) {
    const below = values[level + 1] ?? [];
    const width = below.length === 0 ? 0 : childCount(shape, level);
    values[level] = Array.from({ length: levelSize(shape, level) }, (_, rank) => {
      const own = heard[level]?.[rank] ?? defaultVote;
      return majority([own, ...below.slice(rank * width, (rank + 1) * width)], defaultVote);
    });
  }
  return values;
}

/**
 * The tree for people and for replay: each path with what was heard and what it came to. O(number of paths).
 */
export function explainTree(shape: TreeShape, heard: readonly Level[]): VoteNode {
  const values = resolve(shape, heard);
  const nodeAt = (path: Path, rank: number): VoteNode => {
    const level = path.length - 1;
    const vote = heard[level]?.[rank];
    const value = values[level]?.[rank] ?? defaultVote;
    const next = path.length < shape.levelCount ? shape.others.filter((other) => !path.includes(other)) : [];
    const children = next.map((other, place) => nodeAt([...path, other], rank * next.length + place));
    return { path, ...(vote === undefined ? {} : { heard: vote }), value, children };
  };
  return nodeAt([shape.commander], 0);
}

/** How many relays a path of this level can have. */
function childCount(shape: TreeShape, level: number): number {
  return Math.max(0, shape.others.length - level);
}

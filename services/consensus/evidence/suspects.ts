/**
 * What one general can conclude from what it heard itself, assuming that at most m are traitors. Oral messages prove nothing to
 * anybody else; this is inference, not evidence, and worth as much as its assumption.
 *
 * A set T of at most m generals explains a view if for every path q that was heard and whose last general is not in T, every relay of
 * it by a general not in T says the same: a loyal general tells all the same, and a loyal relay repeats what it was told. So each relay
 * that contradicts what it relays accuses its two speakers, one of whom lies, and the sets that explain the view are the vertex covers
 * of that graph.
 */
import { assert } from '../assert.js';
import type { GeneralId, VoteNode } from '../protocol.js';

/** One of the two lies, or both. */
export type Accusation = readonly [GeneralId, GeneralId];

/** What a view comes to. */
export interface Suspicion {
  /** The pairs of which one must be lying, each once. */
  readonly accusations: readonly Accusation[];
  /**
   * The smallest sets of traitors that explain the view: none holds another. Empty when no set of at most m does, which
   * shows that more than m are traitors; one empty set when nobody need be lying.
   */
  readonly explanations: readonly (readonly GeneralId[])[];
  /** Those in every explanation: traitors, if at most m are. */
  readonly known: readonly GeneralId[];
}

/** More sets than this are not looked at. */
const explanationsMax = 10_000;

/**
 * The suspicion of the general whose vote tree this is. O(paths + 2^m), at most `explanationsMax` sets; then
 * `explanations` holds those found and `known` none.
 */
export function suspectsOf(tree: VoteNode, traitorsMax: number): Suspicion {
  assert(Number.isInteger(traitorsMax) && traitorsMax >= 0, 'm is a whole number from 0');
  const accusations = accusationsIn(tree);
  const covers: GeneralId[][] = [];
  const isComplete = collectCovers(accusations, [], traitorsMax, covers);
  const explanations = smallest(covers);
  const [first = [], ...others] = explanations;
  const known = isComplete ? first.filter((one) => others.every((cover) => cover.includes(one))) : [];
  return { accusations, explanations, known };
}

/**
 * What the last general of a path is heard to have said, against each relay of it. A path on which nothing came accuses nobody: absence
 * has innocent causes. Whoever heard nothing relays the default.
 */
function accusationsIn(tree: VoteNode): Accusation[] {
  const found = new Map<string, Accusation>();
  const look = (node: VoteNode): void => {
    for (const child of node.children) {
      const pair = accusation(node, child);
      if (pair !== undefined) found.set(JSON.stringify(pair), pair);
      look(child);
    }
  };
  look(tree);
  return [...found.values()];
}

function accusation(node: VoteNode, relay: VoteNode): Accusation | undefined {
  if (node.heard === undefined || relay.heard === undefined || node.heard === relay.heard) return undefined;
  const [speaker, relayer] = [node.path.at(-1), relay.path.at(-1)];
  assert(speaker !== undefined && relayer !== undefined, 'a path has a last general');
  return speaker < relayer ? [speaker, relayer] : [relayer, speaker];
}

/** Adds the covers of at most `left` more generals; false when there are too many. */
function collectCovers(
  accusations: readonly Accusation[],
  chosen: readonly GeneralId[],
  left: number,
  covers: GeneralId[][],
): boolean {
  if (covers.length >= explanationsMax) return false;
  const open = accusations.find((pair) => !pair.some((general) => chosen.includes(general)));
  if (open === undefined) {
    covers.push([...chosen].sort(byIndex));
    return true;
  }
  if (left === 0) return true;
  return open.every((general) => collectCovers(accusations, [...chosen, general], left - 1, covers));
}

function smallest(covers: readonly GeneralId[][]): GeneralId[][] {
  const unique = [...new Map(covers.map((cover) => [JSON.stringify(cover), cover])).values()];
  return unique.filter(
    (cover) =>
      !unique.some((other) => other.length < cover.length && other.every((one) => cover.includes(one))),
  );
}

function byIndex(left: GeneralId, right: GeneralId): number {
  return left.length - right.length || (left < right ? -1 : 1);
}

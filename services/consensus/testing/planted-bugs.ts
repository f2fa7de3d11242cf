/**
 * Bugs that others shipped, as decisions over what a general really heard. Loyal relaying is left as it is:
 * each of these is wrong in the last step alone. Tests of the tests: a strategy that cannot tell them from
 * OM(m) is weak.
 */
import { majority } from '../majority.js';
import { defaultVote, type Vote, type VoteNode } from '../protocol.js';

/** A wrong decision from a right vote tree. */
export type PlantedBug = (tree: VoteNode) => Vote;

export const plantedBugs = {
  /** One majority over everything heard, by whatever path. */
  'flat majority': (tree) => majority(everyNode(tree).map(heardOrDefault), defaultVote),
  /** One majority over what came by the longest paths. */
  'leaves only': (tree) => majority(everyNode(tree).filter(isLeaf).map(heardOrDefault), defaultVote),
  /** A tie goes to what the general heard itself. */
  'tie to own vote': (tree) => recursive(tree, (own, children) => breakTie([own, ...children], own)),
  /** A tie goes to the first other general in the list. */
  'tie by id': (tree) => recursive(tree, (own, children) => breakTie([own, ...children], children[0] ?? own)),
  /** What did not come is no vote instead of the default. */
  'absent skipped': (tree) => skippingAbsent(tree) ?? defaultVote,
  /** The relays are counted without what they are relays of. */
  'own vote left out': (tree) => recursive(tree, (_own, children) => majority(children, defaultVote)),
} as const satisfies Record<string, PlantedBug>;

export type PlantedBugName = keyof typeof plantedBugs;

function recursive(node: VoteNode, inner: (own: Vote, children: readonly Vote[]) => Vote): Vote {
  if (isLeaf(node)) return heardOrDefault(node);
  return inner(
    heardOrDefault(node),
    node.children.map((child) => recursive(child, inner)),
  );
}

function skippingAbsent(node: VoteNode): Vote | undefined {
  if (isLeaf(node)) return node.heard;
  const values = [node.heard, ...node.children.map(skippingAbsent)].filter((vote) => vote !== undefined);
  return values.length === 0 ? undefined : majority(values, defaultVote);
}

function breakTie(values: readonly Vote[], inTie: Vote): Vote {
  const attackCount = values.filter((vote) => vote === 'Attack').length;
  return 2 * attackCount === values.length ? inTie : majority(values, defaultVote);
}

function everyNode(node: VoteNode): VoteNode[] {
  return [node, ...node.children.flatMap(everyNode)];
}

function isLeaf(node: VoteNode): boolean {
  return node.children.length === 0;
}

function heardOrDefault(node: VoteNode): Vote {
  return node.heard ?? defaultVote;
}

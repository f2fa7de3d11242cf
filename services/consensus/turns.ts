/**
 * Kings and counts, common to the protocols in which generals rule in turn.
 */
import type { Heard } from './lock-step-rules.js';
import type { GeneralId, Setting, Vote } from './protocol.js';

/** How many kings there are: one more than traitors, and all different. */
export function turnCount({ generals, traitorsMax }: Setting): number {
  return Math.min(traitorsMax + 1, generals.length);
}

/** The king of a turn: the first generals, one each; fixed, so that no traitor can choose. */
export function kingOf({ generals }: Setting, turn: number): GeneralId {
  return generals[turn] ?? '';
}

/** What one sender said; undefined when nothing came that counts. */
export function heardVote(heard: Heard, from: GeneralId): Vote | undefined {
  return heard.get(from)?.[0]?.vote;
}

/** How many said the vote, each sender once, the general itself included. */
export function countOf(vote: Vote, heard: Heard, own: Vote | undefined): number {
  let count = own === vote ? 1 : 0;
  for (const entries of heard.values()) if (entries[0]?.vote === vote) count += 1;
  return count;
}

/**
 * What a proof by exhaustion says: how many behaviours of the traitors there are, how many of them break
 * agreement or validity, and one that does.
 */
import type { GeneralId, Setting, Vote } from '../protocol.js';
import type { RoundPlan } from '../run.js';

/** One question: this setting, these traitors, and what the loyal generals start with. */
export interface ProofCase {
  readonly setting: Setting;
  /** All traitors, in canonical order; there may be more of them than the setting's `traitorsMax`. */
  readonly traitors: readonly GeneralId[];
  /** The order of a loyal commander; a traitor in command has none to follow, and any stands here. */
  readonly order: Vote;
}

/** The answer to one question, or to several together. */
export interface Proof {
  /** Ways in which the traitors can treat loyal generals: what they tell each other changes nothing. */
  readonly behaviours: bigint;
  /** Decisions of one loyal general that were worked out to know about all of them. */
  readonly evaluations: number;
  /** Behaviours that break agreement or validity. */
  readonly violations: bigint;
  /** The first of them, as a round that can be run; undefined when there is none. */
  readonly witness: RoundPlan | undefined;
}

/** Nothing asked, nothing found. */
export const emptyProof: Proof = { behaviours: 0n, evaluations: 0, violations: 0n, witness: undefined };

/** Both together; the witness is the first one's, if it has any. */
export function addProofs(left: Proof, right: Proof): Proof {
  return {
    behaviours: left.behaviours + right.behaviours,
    evaluations: left.evaluations + right.evaluations,
    violations: left.violations + right.violations,
    witness: left.witness ?? right.witness,
  };
}

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
  /**
   * The order of a loyal commander; a traitor in command has none to follow, and any stands here. In a council the
   * input of all whom `inputs` does not name.
   */
  readonly order: Vote;
  /** In a council, all inputs that are asked about, each by what differs from `order`. */
  readonly inputs?: readonly Inputs[];
}

export type Inputs = ReadonlyMap<GeneralId, Vote>;

/** What all loyal generals of a council begin with; undefined where they differ. */
export function unanimousInput(
  { setting, traitors, order }: Omit<ProofCase, 'inputs'>,
  inputs: Inputs,
): Vote | undefined {
  const loyal = setting.generals.filter((id) => !traitors.includes(id));
  const [first, ...others] = new Set(loyal.map((id) => inputs.get(id) ?? order));
  return others.length === 0 ? first : undefined;
}

/** The answer to one question, or to several together. */
export interface Proof {
  /**
   * Ways in which the traitors can treat loyal generals. What they tell each other is among it only where it can
   * change something: signed messages are something to have.
   */
  readonly behaviours: bigint;
  /** What was worked out to know about all of them: decisions of one loyal general, or steps of its engine. */
  readonly evaluations: number;
  /** Behaviours that break agreement or validity. */
  readonly violations: bigint;
  /** The first of them, as a round that can be run; undefined when there is none. */
  readonly witness: RoundPlan | undefined;
  /**
   * Loyal generals of which some behaviour makes a proof that they signed two orders; must be empty always. Looked
   * for among signed messages, the only ones that can prove anything.
   */
  readonly convictedLoyal: readonly GeneralId[];
}

/** A way to answer a question; undefined when that takes more than so many evaluations. */
export type Prover = (asked: ProofCase, evaluationsMax: number) => Proof | undefined;

/** Nothing asked, nothing found. */
export const emptyProof: Proof = {
  behaviours: 0n,
  evaluations: 0,
  violations: 0n,
  witness: undefined,
  convictedLoyal: [],
};

/** Both together; the witness is the first one's, if it has any. */
export function addProofs(left: Proof, right: Proof): Proof {
  return {
    behaviours: left.behaviours + right.behaviours,
    evaluations: left.evaluations + right.evaluations,
    violations: left.violations + right.violations,
    witness: left.witness ?? right.witness,
    convictedLoyal: [...new Set([...left.convictedLoyal, ...right.convictedLoyal])],
  };
}

/**
 * Proofs, searches and shrunk plans as JSON documents. Counts of behaviours are decimal texts: they go beyond 2^53.
 */
import type {
  Claim,
  GeneralId,
  Message,
  Proof,
  RoundPlan,
  SearchOutcome,
  Shrunk,
  TwinViews,
  Vote,
} from '../../consensus/index.js';
import { predictedDecisions } from '../plan/plan-file.js';
import type { AskedSetting } from '../plan/setting-options.js';

/** A plan within a document, in the words of the core. */
export interface PlanFacts {
  readonly protocol: string;
  readonly mode: string;
  readonly council: boolean;
  readonly generals: number;
  readonly faults: number;
  readonly order: Vote;
  /** Of a council, the inputs that differ from `order`. */
  readonly inputs: Readonly<Record<GeneralId, Vote>>;
  readonly seed: number;
  readonly traitors: RoundPlan['traitors'];
  /** What the loyal generals decide. */
  readonly decisions: Readonly<Record<GeneralId, Vote>>;
}

/** One claim, proved or broken. */
export interface ProofFacts {
  readonly title: string;
  readonly generals: number;
  readonly faults: number;
  readonly traitors: number;
  readonly withinBound: boolean;
  readonly expected: Claim['expected'];
  readonly behaviours: string;
  readonly evaluations: number;
  readonly violations: string;
  /** Loyal generals that some behaviour convicts of treason; none, ever. */
  readonly convictedLoyal: readonly GeneralId[];
  readonly witness: PlanFacts | null;
  readonly elapsedMs: number;
}

/** `byzantine.prove/1`, of `prove`. */
export interface ProofDocument {
  readonly schema: 'byzantine.prove/1';
  readonly claims: readonly ProofFacts[];
  /** Of all claims together. */
  readonly behaviours: string;
  readonly evaluations: number;
  readonly violations: string;
  readonly elapsedMs: number;
  readonly notCovered: readonly string[];
}

/** `byzantine.views/1`, of `prove --show-views`. */
export interface ViewsDocument {
  readonly schema: 'byzantine.views/1';
  /** The loyal general that sees both rounds. */
  readonly observer: GeneralId;
  /** What it is told is the same in both, byte for byte. */
  readonly areEqual: boolean;
  readonly rounds: readonly {
    readonly what: string;
    readonly told: readonly Pick<Message, 'phase' | 'from' | 'entries'>[];
    readonly decision: Vote | null;
    /** What it would have to decide, and why. */
    readonly must: string;
  }[];
}

export function viewsDocument({ observer, areEqual, rounds }: TwinViews): ViewsDocument {
  return {
    schema: 'byzantine.views/1',
    observer,
    areEqual,
    rounds: rounds.map(({ what, view, decision, must }) => ({
      what,
      told: view.map(({ phase, from, entries }) => ({ phase, from, entries })),
      decision: decision ?? null,
      must,
    })),
  };
}

export interface Proved {
  readonly claim: Claim;
  readonly isWithin: boolean;
  readonly proof: Proof;
  readonly elapsedMs: number;
}

export function proofDocument(proved: readonly Proved[], notCovered: readonly string[]): ProofDocument {
  const sum = (of: (proof: Proof) => bigint) =>
    String(proved.reduce((all, { proof }) => all + of(proof), 0n));
  return {
    schema: 'byzantine.prove/1',
    claims: proved.map(({ claim, isWithin, proof, elapsedMs }) => ({
      title: claim.title,
      generals: claim.setting.generals.length,
      faults: claim.setting.traitorsMax,
      traitors: claim.traitorCount,
      withinBound: isWithin,
      expected: claim.expected,
      behaviours: String(proof.behaviours),
      evaluations: proof.evaluations,
      violations: String(proof.violations),
      convictedLoyal: proof.convictedLoyal,
      witness: proof.witness === undefined ? null : planFacts(proof.witness),
      elapsedMs,
    })),
    behaviours: sum(({ behaviours }) => behaviours),
    evaluations: proved.reduce((all, { proof }) => all + proof.evaluations, 0),
    violations: sum(({ violations }) => violations),
    elapsedMs: proved.reduce((all, { elapsedMs }) => all + elapsedMs, 0),
    notCovered,
  };
}

/** `byzantine.search/1`, of `search`. */
export interface SearchDocument {
  readonly schema: 'byzantine.search/1';
  readonly withinBound: boolean;
  readonly isFound: boolean;
  /** Nothing was found because there is nothing. */
  readonly isProof: boolean;
  /** Why there is nothing; null where nobody knows. */
  readonly because: string | null;
  readonly rung: string | null;
  readonly tried: readonly { readonly rung: string; readonly runs: number }[];
  readonly plan: PlanFacts | null;
  readonly elapsedMs: number;
}

export function searchDocument(
  { isWithin }: AskedSetting,
  { finding, tried, proof }: SearchOutcome,
  elapsedMs: number,
): SearchDocument {
  return {
    schema: 'byzantine.search/1',
    withinBound: isWithin,
    isFound: finding !== undefined,
    isProof: proof !== undefined,
    because: proof ?? null,
    rung: finding?.rung ?? null,
    tried: tried.map(({ rung, runCount }) => ({ rung, runs: runCount })),
    plan: finding === undefined ? null : planFacts(finding.plan),
    elapsedMs,
  };
}

/** `byzantine.shrink/1`, of `shrink`. */
export interface ShrinkDocument {
  readonly schema: 'byzantine.shrink/1';
  readonly liesBefore: number;
  readonly lies: number;
  readonly runs: number;
  readonly plan: PlanFacts;
}

export function shrinkDocument({ plan, lieCountBefore, lieCount, runCount }: Shrunk): ShrinkDocument {
  return {
    schema: 'byzantine.shrink/1',
    liesBefore: lieCountBefore,
    lies: lieCount,
    runs: runCount,
    plan: planFacts(plan),
  };
}

function planFacts(plan: RoundPlan): PlanFacts {
  const { setting, order, inputs, seed, traitors } = plan;
  return {
    protocol: setting.protocol,
    mode: setting.mode,
    council: setting.isCouncil,
    generals: setting.generals.length,
    faults: setting.traitorsMax,
    order,
    inputs: Object.fromEntries(inputs ?? []),
    seed,
    traitors,
    decisions: Object.fromEntries(predictedDecisions(plan)),
  };
}

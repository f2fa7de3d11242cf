/**
 * Every behaviour of so many traitors in a setting: which cases there are, what they cost, and the answer to each.
 */
import type { Setting } from '../protocol.js';
import { votes } from '../protocol.js';
import { subsets } from '../search/subsets.js';
import type { DecisionRule } from './lanes.js';
import type { Proof, ProofCase } from './proof.js';
import { omEvaluations, proveOm } from './prove-om.js';

/**
 * All placements of the traitors and, where the commander is loyal, both orders. A traitor in command follows no
 * order: one case stands for both.
 */
export function proofCases(setting: Setting, traitorCount: number): ProofCase[] {
  return [...subsets(setting.generals, traitorCount)].flatMap((traitors) => {
    const orders = traitors.includes(setting.commander) ? votes.slice(0, 1) : votes;
    return orders.map((order) => ({ setting, traitors, order }));
  });
}

/**
 * How many evaluations the cases take together; `Infinity` for what cannot be enumerated. Stops counting above
 * `evaluationsMax`.
 */
export function proofCost(cases: readonly ProofCase[], evaluationsMax: number): number {
  let sum = 0;
  if (!cases.every(({ setting }) => canProve(setting))) return Number.POSITIVE_INFINITY;
  for (const asked of cases) {
    sum += omEvaluations(asked);
    if (sum > evaluationsMax) break;
  }
  return sum;
}

/** True for the settings whose behaviours can be enumerated when they are few: OM with a commander, oral messages. */
function canProve({ protocol, mode, isCouncil }: Setting): boolean {
  return protocol === 'om' && mode === 'mailbox' && !isCouncil;
}

/** Goes through all behaviours of a case, under OM's rule or a baseline's. */
export function prove(asked: ProofCase, rule: DecisionRule = 'recursive'): Proof {
  return proveOm(asked, rule);
}

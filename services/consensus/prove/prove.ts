/**
 * Every behaviour of so many traitors in a setting: which cases there are, what they cost, and the answer to each.
 */
import type { GeneralId, Setting } from '../protocol.js';
import { defaultVote, votes } from '../protocol.js';
import { subsetOf, subsets } from '../search/subsets.js';
import { explore, exploredWorkMax } from './explore.js';
import type { Inputs, Proof, ProofCase } from './proof.js';
import { isOmLike, omEvaluations, proveOm } from './prove-om.js';

/**
 * All placements of the traitors and all that the loyal generals can be given: a case for each order of a loyal
 * commander, one for all inputs of a council. A traitor in command follows no order: one case stands for both.
 */
export function proofCases(setting: Setting, traitorCount: number): ProofCase[] {
  return [...subsets(setting.generals, traitorCount)].flatMap((traitors): ProofCase[] => {
    if (setting.isCouncil) {
      const loyal = setting.generals.filter((id) => !traitors.includes(id));
      return [{ setting, traitors, order: defaultVote, inputs: allInputs(loyal) }];
    }
    const orders = traitors.includes(setting.commander) ? votes.slice(0, 1) : votes;
    return orders.map((order) => ({ setting, traitors, order }));
  });
}

/** How many beginnings `proofCases` lists: placements, and what is given under each. */
export function beginningCount({ generals, isCouncil }: Setting, traitorCount: number): number {
  let count = isCouncil ? 2 ** (generals.length - traitorCount) : votes.length;
  for (let i = 0; i < traitorCount; i += 1) count *= (generals.length - i) / (i + 1);
  return count;
}

/** More beginnings than this are not listed. */
export const beginningsMax = 100_000;

/** What is the default is not written down. */
function allInputs(loyal: readonly GeneralId[]): Inputs[] {
  return Array.from(
    { length: 2 ** loyal.length },
    (_, number) => new Map(subsetOf(loyal, number).map((id) => [id, 'Attack'])),
  );
}

/**
 * How many evaluations the cases take together, as far as that can be told beforehand: of OM all, of others none;
 * `Infinity` for what cannot be enumerated. Stops counting above `evaluationsMax`.
 */
export function proofCost(cases: readonly ProofCase[], evaluationsMax: number): number {
  let sum = 0;
  for (const asked of cases) {
    if (isOmLike(asked.setting)) sum += omEvaluations(asked);
    if (sum > evaluationsMax) break;
  }
  return sum;
}

/** The limit on evaluations where nobody names one: for what takes seconds, or a few minutes. */
export function evaluationsMaxFor(setting: Setting): number {
  return isOmLike(setting) ? 1_000_000_000 : exploredWorkMax;
}

/** Goes through all behaviours of a case; undefined when that takes more evaluations. */
export function prove(
  asked: ProofCase,
  evaluationsMax = evaluationsMaxFor(asked.setting),
): Proof | undefined {
  if (!isOmLike(asked.setting)) return explore(asked, evaluationsMax);
  return omEvaluations(asked) > evaluationsMax ? undefined : proveOm(asked);
}

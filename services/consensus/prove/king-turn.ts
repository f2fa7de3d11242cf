/**
 * One turn of King by itself. What a general knows when a turn begins is its value and nothing else, so a turn is a
 * council whose inputs are those values, and two lemmas about one turn are about all of King: by the one a loyal
 * king's turn makes the loyal generals unanimous, by the other they stay so under any king, and of m + 1 kings one
 * is loyal. Berman, Garay and Perry 1989, section 3.
 */
import { kingRules, phasesOfTurn } from '../king.js';
import { lockStep } from '../lock-step.js';
import { explore } from './explore.js';
import { type ProofCase, type Prover, unanimousInput } from './proof.js';

const kingTurn = lockStep({ ...kingRules, phaseCount: () => phasesOfTurn });

/** Goes through one turn of the first king; a witness names what was said in that turn. */
export const proveKingTurn: Prover = (asked, evaluationsMax) => explore(asked, evaluationsMax, kingTurn);

/** The cases in which all loyal generals begin with one value, whoever is king: validity says that it stays. */
export function unanimousCases(cases: readonly ProofCase[]): ProofCase[] {
  return cases.map(({ inputs = [], ...asked }) => ({
    ...asked,
    inputs: inputs.filter((one) => unanimousInput(asked, one) !== undefined),
  }));
}

/** The cases in which the king is loyal, whatever all begin with: agreement says that all end with one value. */
export function loyallyRuledCases(cases: readonly ProofCase[]): ProofCase[] {
  return cases.filter(({ setting, traitors }) => !traitors.includes(setting.generals[0] ?? ''));
}

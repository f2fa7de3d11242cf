import { type Plan, sayTruth } from './plan.js';

/**
 * Tells the truth as its engine knows it; there are two engines (traitor.ts). Each lives in one half of the loyal
 * generals, hears that half alone and was given another order: no line of hostile code, and still treason. After
 * Bano and others, "Twins: BFT Systems Made Robust", OPODIS 2021.
 */
export function twins(): Plan {
  return () => sayTruth;
}

/**
 * Treason from outside: what the traitors of many rounds do, when it is not up to the scenario.
 */
import type { PlanContext, TraitorSpec } from '../consensus/index.js';

/** A treason for each traitor of each of these rounds, in the same order. */
export type Betrayal = (rounds: readonly PlanContext[]) => Promise<readonly (readonly TraitorSpec[])[]>;

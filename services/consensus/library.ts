/**
 * What a file with an own strategy may import, as `byzantine-generals/strategy`. Types alone: the file is run by itself.
 */
export type { GeneralId, Path, Setting, Vote } from './protocol.js';
export type { CreateOwnPlan, OwnAct, OwnPlace } from './traitors/own-strategy.js';
export type { PlanContext } from './traitors/plan.js';

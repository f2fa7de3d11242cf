/**
 * The simulator: the services' own lines in one thread on a virtual clock. What other folders may use of it.
 */
export type { Betrayal } from './betrayal.js';
export { type Campaign, runCampaign } from './campaign.js';
export {
  type CoreCampaign,
  type CoreCampaignOptions,
  corePlan,
  coreSettings,
  runCoreRounds,
} from './core-rounds.js';
export type { Fault } from './faults.js';
export type { Scenario } from './scenario.js';
export { builtInScenarios, readScenarioFile } from './scenario-file.js';
export { type Simulation, simulate } from './simulation.js';
export { formatTraceEvent, plainValue, type TraceEvent } from './trace.js';

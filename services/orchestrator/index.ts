/**
 * What other folders may use of the orchestrator: the interface to rounds, how to start one, and its client.
 */
export { OrchestratorClient } from './client.js';
export { boundCheck, orchestratorKeys, roundDefaults, roundKeys } from './config.js';
export { OrchestratorMetrics } from './metrics.js';
export type { NodeFault } from './node-faults.js';
export type {
  GeneralMetrics,
  IgnoredCount,
  NodeInfo,
  Orchestrator,
  RecordedEntry,
  RecordedMessage,
  Round,
  RoundEvent,
  RoundMetrics,
  RoundRequest,
  RoundStatus,
  Seat,
} from './orchestrator.js';
export type { ResolvedRound, RoundDefaults } from './resolve.js';
export { generalCountMax, resolveRound } from './resolve.js';
export { orchestratorContract } from './service.js';
export { type OrchestratorOptions, type RunningOrchestrator, startOrchestrator } from './start.js';
export { roundOfTrace, traceEvent, traceMessage } from './trace.js';

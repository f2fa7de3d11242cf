/**
 * What other folders may use of the general-node: how to start one, and the catalogue of tuples.
 */
export { generalNodeKeys } from './config.js';
export { decodeFaultKind, encodeFaultKind, type FaultKind, faultKinds } from './fault-kind.js';
export { GeneralNodeMetrics } from './metrics.js';
export { generalNodeContract } from './service.js';
export { KeyRing } from './signing.js';
export { type GeneralNodeOptions, type RunningNode, startGeneralNode } from './start.js';
export {
  type Assignment,
  assignmentTemplate,
  assignmentTuple,
  briefTuple,
  closeTuple,
  controlSettings,
  controlSpace,
  decisionTemplate,
  type End,
  endTemplates,
  endTuple,
  hungTemplate,
  hungTuple,
  isMessage,
  type KeyTuple,
  keyTemplate,
  type Lab,
  labTemplate,
  labTuple,
  messageTemplates,
  messageTuple,
  nodeTemplate,
  orchestratorId,
  type Report,
  type RoundEntry,
  type RoundTuple,
  readAssignment,
  readClose,
  readDecision,
  readEnd,
  readHung,
  readKeyTuple,
  readLab,
  readMessage,
  readNode,
  readReport,
  readRound,
  readRoundEntry,
  readSeat,
  roundEntryTemplate,
  roundEntryTuple,
  roundSettings,
  roundSpace,
  roundTemplate,
  roundTuple,
  type SeatTuple,
  seatTemplate,
  seatTuple,
} from './tuples.js';

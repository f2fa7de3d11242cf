/**
 * The consensus core: all that other folders may import. Pure, and imports no other folder.
 */

export { auditRecord, type Deviation } from './evidence/audit.js';
export {
  type Absent,
  type Attested,
  collectEvidence,
  type Evidence,
  type Inferred,
  type KnownKey,
  type Proven,
} from './evidence/evidence.js';
export {
  type LoyalReplay,
  type RecordEntry,
  replayLoyal,
  type SpaceRecord,
  slotKey,
} from './evidence/loyal-replay.js';
export { checkTwoOrders, findTwoOrders, type SignedOrder, type TwoOrders } from './evidence/proof.js';
export { type Accusation, type Suspicion, suspectsOf } from './evidence/suspects.js';
export { generalId, generalIds, generalIndex, isGeneralId } from './general-id.js';
export { idealSigning } from './ideal-signatures.js';
export { type LostGeneral, lostGenerals } from './lateness.js';
export {
  type Bound,
  type Cost,
  defaultVote,
  type Entry,
  everyone,
  type GeneralId,
  type IgnoredReason,
  type Input,
  type JudgedEntries,
  type Message,
  type Mode,
  modes,
  type Output,
  type Path,
  type Protocol,
  type ProtocolName,
  type Setting,
  type Signing,
  type Slot,
  type Vote,
  type VoteNode,
  votes,
} from './protocol.js';
export {
  defaultMode,
  findProtocol,
  type ProtocolFamily,
  type ProtocolVariant,
  protocolNamed,
  protocolNames,
  protocolOf,
  protocols,
} from './protocols.js';
export { type Claim, claims, claimTitle } from './prove/claims.js';
export { addProofs, emptyProof, type Proof, type ProofCase } from './prove/proof.js';
export {
  beginningCount,
  beginningsMax,
  evaluationsMaxFor,
  proofCases,
  proofCost,
  prove,
} from './prove/prove.js';
export { indistinguishableViews, type TwinViews } from './prove/views.js';
export { choose, isSeed, random } from './random.js';
export { type RoundPlan, type SimulatedRound, simulateRound } from './run.js';
export { placements } from './search/candidates.js';
export { findViolation, type Violation, type ViolationSearch } from './search/find-violation.js';
export {
  type Finding,
  type Rung,
  rungs,
  type SearchOutcome,
  type SearchProgress,
  type SearchRequest,
  search,
} from './search/search.js';
export { type Shrunk, shrink } from './search/shrink.js';
export { whyUnbreakable } from './search/unbreakable.js';
export { checkSetting, type Problem } from './setting.js';
export { signedBytes } from './signed-chain.js';
export {
  type CreateOwnPlan,
  type OwnAct,
  type OwnPlace,
  type OwnTable,
  ownPlaces,
  ownTable,
} from './traitors/own-strategy.js';
export {
  type Act,
  type Place,
  type Plan,
  type PlanContext,
  type Stray,
  type Timing,
  timings,
} from './traitors/plan.js';
export type { TraitorOutput } from './traitors/rewrite.js';
export { checkTraitorSpec, type TraitorSpec } from './traitors/spec.js';
export {
  createPlan,
  type Strategy,
  type StrategyName,
  strategies,
  strategyNames,
} from './traitors/strategies.js';
export type { TableAct } from './traitors/table.js';
export { Traitor } from './traitors/traitor.js';
export type { Trigger } from './traitors/trigger.js';
export {
  type JudgedRecord,
  type Judgement,
  type JudgementStatus,
  judge,
  type Summary,
  summary,
  type Verdict,
} from './verdict.js';

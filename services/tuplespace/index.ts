/**
 * The tuple space: what other folders may use of it.
 */
export { anonymous, type Caller, type CallerKind, callerKinds, createToken, hashToken } from './caller.js';
export { checkClearText } from './clear-text.js';
export { TupleSpaceClient, type TupleSpaceClientOptions } from './client.js';
export { backendKeys, storeChecks, tupleSpaceKeys } from './config.js';
export { type Connect, type Connection, connectService, connectStore } from './connect.js';
export { createStore } from './create-store.js';
export { connectEnrolled } from './enrolled-space.js';
export { type FollowOptions, follow, pause } from './follow.js';
export {
  checkHistory,
  defaultHistoryLimits,
  defaultTolerances,
  firstViolation,
  type HistoryHeader,
  HistoryRecorder,
  type HistoryReport,
  historySchema,
  type RecordedClient,
  type RuleReport,
  readHistory,
} from './history/index.js';
export { keepLease } from './kept-lease.js';
export { defaultLimits, type SpaceLimits } from './limits.js';
export { observedStore } from './observed-store.js';
export { decide, noRule, type Ruling, rulesFor, type Subject } from './policy/decide.js';
export {
  type Policy,
  type PolicyMatcher,
  type PolicyOperation,
  type PolicyRule,
  type PolicyTemplate,
  policyOperations,
} from './policy/policy.js';
export {
  allow,
  boardRules,
  deny,
  mailboxRules,
  neverTake,
  policyPrefix,
  policyPresets,
  policyTemplate,
  theCaller,
  theEpoch,
} from './policy/presets.js';
export { readAll } from './read-all.js';
export { Replicas, type ReplicasOptions } from './replicas.js';
export type * from './space.js';
export { controlSpaceName, roundSpacePrefix } from './space-names.js';
export { type RunningTupleSpace, startTupleSpace, type TupleSpaceOptions } from './start.js';
export type { Store, StoreFacts } from './store.js';
export { MemoryStore, type MemoryStoreOptions } from './stores/memory/index.js';
export {
  any,
  anyOf,
  type Bound,
  between,
  exact,
  type Matcher,
  matches,
  prefix,
  type Template,
  template,
} from './template.js';
export { withTrace } from './traced-store.js';
export {
  equalTuples,
  equalValues,
  isList,
  type StoredTuple,
  type Tuple,
  typeOf,
  type Value,
  type ValueType,
} from './tuple.js';

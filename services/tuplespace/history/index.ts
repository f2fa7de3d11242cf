/**
 * Histories of a space: recorded by clients, read back, judged by rules.
 */
export {
  type CheckOptions,
  checkHistory,
  firstViolation,
  type HistoryReport,
  type RuleReport,
  type RuleVerdict,
} from './check.js';
export type { Figures } from './figures.js';
export {
  defaultTolerances,
  type History,
  type HistoryHeader,
  historySchema,
  type MarkKind,
  type Tolerances,
} from './history.js';
export { defaultHistoryLimits, type HistoryLimits, readHistory } from './reader.js';
export { HistoryRecorder, type RecordedClient, type RecordedWatch } from './recorder.js';
export type { Violation } from './rule.js';

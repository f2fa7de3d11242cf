/**
 * The record of a round, for whoever keeps it, shows it or proves it. Pure: no I/O, no clock.
 */
export { kindOf, labelOf, moveLabel, moveWidth } from './diagram/labels.js';
export {
  type Arrow,
  type Band,
  drawnMax,
  type Layout,
  layOut,
  type MoveMark,
  type Row,
} from './diagram/layout.js';
export { diagramFile } from './diagram/svg.js';
export { deviationWords, explanationWords } from './evidence-words.js';
export { type GeneralMoment, type Moment, momentsOf, RoundFold, rerunning } from './fold.js';
export { outcomeSentence, outcomeWord, propertiesOf, roundTitle, statusWord } from './outcome-words.js';
export { type ParsedTrace, parseTrace, traitorForm } from './parse.js';
export { type Mismatch, type Replay, replayTrace } from './replay.js';
export { reportFile } from './report/report.js';
export { shivizLog } from './shiviz.js';
export { fromHex, toHex, type VerifySignature } from './signatures.js';
export { type Staging, simulatedTrace } from './simulated-trace.js';
export {
  type Ended,
  endOf,
  type MessageWritten,
  messagesOf,
  printTrace,
  type Started,
  type Trace,
  type TraceEntry,
  type TraceEvent,
  type TraceGeneralMetrics,
  type TraceMessage,
  type TraceMetrics,
  type TracePhaseMetrics,
  type TraceRefusal,
  type TraceSeat,
  traceOf,
  traceSchema,
} from './trace.js';
export {
  counted,
  eventSentence,
  messageSentence,
  pathWords,
  protocolTitle,
  ratioWords,
  refusalWords,
  summaryOf,
  votesOf,
} from './words.js';

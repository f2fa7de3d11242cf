/**
 * The record of a round, for whoever keeps it, shows it or proves it. Pure: no I/O, no clock.
 */
export { diagramFile } from './diagram/svg.js';
export { type GeneralMoment, type Moment, momentsOf, RoundFold } from './fold.js';
export { type ParsedTrace, parseTrace } from './parse.js';
export { type Mismatch, type Replay, replayTrace } from './replay.js';
export { reportFile } from './report/report.js';
export { shivizLog } from './shiviz.js';
export { fromHex, toHex, type VerifySignature } from './signatures.js';
export {
  endOf,
  messagesOf,
  printTrace,
  type Trace,
  type TraceEvent,
  type TraceMessage,
  traceOf,
  traceSchema,
} from './trace.js';
export { eventSentence } from './words.js';

/**
 * The lines of a history: each is one JSON object. Ids and revisions are decimal text, tuple values as in tagged-json.ts, a matcher that
 * wants one value is that value.
 */
import type { ErrorCode } from '../../runtime/index.js';
import { parse as parseTagged, stringify } from '../stores/memory/tagged-json.js';
import type { Template } from '../template.js';
import { seenOf } from './call-shapes.js';
import type { HistoryHeader, MarkKind, WatchedFrame } from './history.js';
import { historySchema } from './history.js';
import {
  count,
  decimal,
  listOf,
  milliseconds,
  oneOf,
  type Parse,
  record,
  text,
  texts,
  withDefault,
} from './shape.js';

const callKinds = ['write', 'read', 'take', 'settle', 'watch'] as const;
export type CallKind = (typeof callKinds)[number];

/** What a line after the first says. */
export type HistoryRecord =
  | {
      readonly event: 'invoke';
      readonly op: number;
      readonly client: string;
      readonly replica: string;
      readonly atMs: number;
      readonly call: CallKind;
      /** As the calls of history.ts, by `call`; parsed with `requestParsers`. */
      readonly request: unknown;
    }
  | { readonly event: 'ok'; readonly op: number; readonly atMs: number; readonly answer: unknown }
  | {
      readonly event: 'fail' | 'unknown';
      readonly op: number;
      readonly atMs: number;
      readonly code: ErrorCode;
    }
  | {
      readonly event: 'frame';
      readonly op: number;
      readonly atMs: number;
      readonly revision: bigint;
      readonly events: WatchedFrame['events'];
    }
  | { readonly event: 'mark'; readonly atMs: number; readonly mark: MarkKind; readonly name: string };

export function encodeHeader(header: HistoryHeader): string {
  return JSON.stringify(header);
}

/** The line of a record, without its end. */
export function encodeRecord(entry: HistoryRecord): string {
  return stringify(plain(entry));
}

/** Errors: invalid_argument, naming the field. */
export function parseHeader(line: string): HistoryHeader {
  return headerOf(jsonOf(line), '');
}

/** Errors: invalid_argument, naming the field. */
export function parseRecord(line: string): HistoryRecord {
  const value = jsonOf(line);
  const event = eventOf((value as { event?: unknown } | null)?.event, 'event');
  return recordParsers[event](value, '') as HistoryRecord;
}

function jsonOf(line: string): unknown {
  try {
    return parseTagged(line);
  } catch (error) {
    throw new SyntaxError(`is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Ids and revisions as decimal text and templates in short; int64 inside tuples keep their tags. */
function plain(value: unknown, name = ''): unknown {
  if (typeof value === 'bigint') return String(value);
  if (name === 'tuples' || name === 'ids' || name === 'events')
    return (value as readonly unknown[]).map((item) => (Array.isArray(item) ? item : plain(item)));
  if (name === 'values') return value;
  if (name === 'templates') return (value as readonly Template[]).map(shortTemplate);
  if (name === 'unless') return shortTemplate(value as Template);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, plain(inner, key)]),
  );
}

function shortTemplate(template: Template): readonly unknown[] {
  return template.map((matcher) => (matcher.kind === 'exact' ? matcher.value : matcher));
}

const tolerancesOf = record<HistoryHeader['tolerances']>({
  wakeMs: milliseconds,
  returnMs: milliseconds,
  expiryMs: milliseconds,
  clockMs: milliseconds,
  stepMs: withDefault(milliseconds, 0),
  recoveryMs: milliseconds,
});
const headerOf = record<HistoryHeader>({
  schema: oneOf([historySchema]),
  backend: oneOf(['memory', 'redis', 'postgres']),
  durability: oneOf(['process', 'store-process', 'power-loss']),
  replicaCount: count,
  tolerances: tolerancesOf,
  labels: texts,
});

const anything: Parse<unknown> = (value) => value;
const eventsOf: Parse<WatchedFrame['events']> = listOf(
  record<WatchedFrame['events'][number]>({
    kind: oneOf(['written', 'taken', 'held', 'released', 'expired']),
    tuple: seenOf,
  }),
);
const failure = (event: 'fail' | 'unknown') =>
  record<HistoryRecord & { event: 'fail' | 'unknown' }>({
    event: oneOf([event]),
    op: count,
    atMs: milliseconds,
    code: text as Parse<ErrorCode>,
  });
const recordParsers = {
  invoke: record<HistoryRecord & { event: 'invoke' }>({
    event: oneOf(['invoke']),
    op: count,
    client: text,
    replica: withDefault(text, ''),
    atMs: milliseconds,
    call: oneOf(callKinds),
    request: anything,
  }),
  ok: record<HistoryRecord & { event: 'ok' }>({
    event: oneOf(['ok']),
    op: count,
    atMs: milliseconds,
    answer: anything,
  }),
  fail: failure('fail'),
  unknown: failure('unknown'),
  frame: record<HistoryRecord & { event: 'frame' }>({
    event: oneOf(['frame']),
    op: count,
    atMs: milliseconds,
    revision: decimal,
    events: eventsOf,
  }),
  mark: record<HistoryRecord & { event: 'mark' }>({
    event: oneOf(['mark']),
    atMs: milliseconds,
    mark: oneOf(['fault-begins', 'fault-ends', 'space-lost', 'drain']),
    name: withDefault(text, ''),
  }),
};
const eventOf = oneOf(Object.keys(recordParsers) as (keyof typeof recordParsers)[]);

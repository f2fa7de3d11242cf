/**
 * The requests and answers of a history's calls, as they stand in its lines.
 */
import { exact, type Matcher, type Template } from '../template.js';
import type { Tuple, Value } from '../tuple.js';
import type {
  ReadCall,
  ReadResult,
  RequestKey,
  SeenTuple,
  SettleCall,
  SettleResult,
  TakeCall,
  TakeResult,
  WriteCall,
  WriteResult,
} from './history.js';
import {
  count,
  decimal,
  flag,
  listOf,
  milliseconds,
  oneOf,
  optional,
  type Parse,
  record,
  text,
  withDefault,
} from './shape.js';

const tupleValue: Parse<Value> = (value, field) => {
  if (Array.isArray(value)) return listOf(tupleValue)(value, field);
  if (value === null || value instanceof Uint8Array || typeof value === 'bigint') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return text(value, field);
};
const tupleOf: Parse<Tuple> = listOf(tupleValue);

const boundOf = record<{ value: bigint | number | string | Uint8Array; isInclusive: boolean }>({
  value: tupleValue as Parse<bigint | number | string | Uint8Array>,
  isInclusive: flag,
});
const matcherParsers: { readonly [K in Exclude<Matcher['kind'], 'exact'>]: Parse<Matcher> } = {
  any: record<Matcher & { kind: 'any' }>({ kind: oneOf(['any']) }),
  type: record<Matcher & { kind: 'type' }>({
    kind: oneOf(['type']),
    type: oneOf(['int64', 'double', 'string', 'bool', 'bytes', 'null', 'list']),
  }),
  range: record<Matcher & { kind: 'range' }>({
    kind: oneOf(['range']),
    low: optional(boundOf),
    high: optional(boundOf),
  }),
  prefix: record<Matcher & { kind: 'prefix' }>({
    kind: oneOf(['prefix']),
    value: tupleValue as Parse<string | Uint8Array>,
  }),
};
const matcherKinds = Object.keys(matcherParsers) as (keyof typeof matcherParsers)[];

const matcherOf: Parse<Matcher> = (value, field) => {
  if (typeof value !== 'object' || value === null || !('kind' in value))
    return exact(tupleValue(value, field));
  const kind = oneOf(matcherKinds)(value.kind, `${field}.kind`);
  return matcherParsers[kind](value, field);
};
const templateOf: Parse<Template> = listOf(matcherOf);

export const seenOf = record<SeenTuple>({
  id: decimal,
  values: tupleOf,
  revision: decimal,
  deliveryCount: withDefault(count, 0),
});
const requestIdOf = optional(record<RequestKey>({ session: text, sequence: count }));

/** By the kind of the call. */
export const requestParsers = {
  write: record<WriteCall>({
    space: text,
    tuples: listOf(tupleOf),
    ttlMs: optional(milliseconds),
    unless: optional(templateOf),
    requestId: requestIdOf,
  }),
  read: record<ReadCall>({
    space: text,
    templates: listOf(templateOf),
    limit: optional(count),
    min: optional(count),
    waitMs: optional(milliseconds),
    countOnly: optional(flag),
    includeHeld: optional(flag),
  }),
  take: record<TakeCall>({
    space: text,
    templates: listOf(templateOf),
    max: optional(count),
    min: optional(count),
    waitMs: optional(milliseconds),
    holdMs: optional(milliseconds),
    requestId: requestIdOf,
  }),
  settle: record<SettleCall>({
    space: text,
    holdToken: text,
    action: oneOf(['commit', 'release', 'extend']),
    tuples: optional(listOf(tupleOf)),
    ttlMs: optional(milliseconds),
    holdMs: optional(milliseconds),
    requestId: requestIdOf,
  }),
  watch: record<{ space: string; templates: readonly Template[]; fromRevision: bigint }>({
    space: text,
    templates: listOf(templateOf),
    fromRevision: decimal,
  }),
};

const writtenOf = record<WriteResult & { kind: 'written' }>({
  kind: oneOf(['written']),
  ids: listOf(decimal),
  revision: decimal,
});
const blockedOf = record<WriteResult & { kind: 'blocked' }>({
  kind: oneOf(['blocked']),
  by: seenOf,
  revision: decimal,
});

/** By the kind of the call. */
export const answerParsers = {
  write: ((value, field) => {
    const isBlocked = (value as { kind?: unknown } | null)?.kind === 'blocked';
    return isBlocked ? blockedOf(value, field) : writtenOf(value, field);
  }) as Parse<WriteResult>,
  read: record<ReadResult>({ tuples: listOf(seenOf), count, isSatisfied: flag, revision: decimal }),
  take: record<TakeResult>({ tuples: listOf(seenOf), holdToken: optional(text), revision: decimal }),
  settle: record<SettleResult>({ ids: listOf(decimal), revision: decimal }),
  watch: record<object>({}),
};

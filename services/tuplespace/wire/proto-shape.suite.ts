/**
 * Domain messages as the objects that proto-loader takes, written without the codec under test.
 */
import type { Caller } from '../caller.js';
import type { Policy, PolicyMatcher, PolicyRule, PolicyTemplate } from '../policy/policy.js';
import type { Matcher, Template } from '../template.js';
import type { StoredTuple, Tuple, Value } from '../tuple.js';

/** Any message whose properties have the names of the proto's fields. */
export function toProto(message: object): Record<string, unknown> {
  const properties = Object.entries(message).map(([name, value]) => [name, protoProperty(name, value)]);
  return plain(Object.fromEntries(properties));
}

/** How the properties that are not plain look in proto, by name. */
const special: Record<string, (value: never) => unknown> = {
  values: (values: Tuple) => values.map(protoValue),
  tuples: (all: readonly (Tuple | StoredTuple)[]) => all.map(protoTuple),
  tuple: protoTuple,
  blockedBy: protoTuple,
  templates: (all: readonly Template[]) => all.map(protoTemplate),
  template: protoTemplate,
  unless: protoTemplate,
  ids: (all: readonly bigint[]) => all.map(String),
  policy: ({ rules }: Policy) => ({ rules: rules.map(protoRule) }),
  operation: (operation: string) => protoEnum('POLICY_OPERATION', operation),
  caller: ({ kind, ...rest }: Caller) => ({ kind: protoEnum('CALLER_KIND', kind), ...toProto(rest) }),
};

export function protoEnum(prefix: string, value: string): string {
  return `${prefix}_${value.toUpperCase()}`;
}

export function protoTuple(tuple: Tuple | StoredTuple): object {
  return Array.isArray(tuple) ? { values: tuple.map(protoValue) } : toProto(tuple);
}

function protoRule({ name, effect, operations, kinds, callers, template, after, until }: PolicyRule): object {
  return {
    ...plain({ name }),
    effect: protoEnum('POLICY_EFFECT', effect),
    operations: operations.map((operation) => protoEnum('POLICY_OPERATION', operation)),
    kinds: kinds.map((kind) => protoEnum('CALLER_KIND', kind)),
    callers,
    ...(template && { template: protoPolicyTemplate(template) }),
    after: after.map(protoPolicyTemplate),
    until: until.map(protoPolicyTemplate),
  };
}

function protoPolicyTemplate({ fields, hasMore }: PolicyTemplate): object {
  return { fields: fields.map(protoPolicyMatcher), ...plain({ hasMore }) };
}

function protoPolicyMatcher(matcher: PolicyMatcher): object {
  switch (matcher.kind) {
    case 'caller':
    case 'epoch':
      return { [matcher.kind]: {} };
    case 'field':
      return { field: plain({ position: matcher.position }) };
    default:
      return { matcher: protoMatcher(matcher) };
  }
}

function protoProperty(name: string, value: unknown): unknown {
  const convert = special[name];
  if (convert !== undefined && value !== undefined) return convert(value as never);
  if (Array.isArray(value)) return value.map((each) => (typeof each === 'object' ? toProto(each) : each));
  const isMessage = typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
  return isMessage ? toProto(value) : value;
}

/** A domain object's plain properties as proto-loader takes them: no zeros, no undefined, 64-bit integers as strings. */
function plain(properties: Record<string, unknown>): Record<string, unknown> {
  const isSent = (value: unknown): boolean => value !== undefined && !isZero(value);
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => isSent(value))
      .map(([name, value]) => [name, typeof value === 'bigint' ? value.toString() : value]),
  );
}

function protoValue(value: Value): object {
  if (typeof value === 'string') return { string: value };
  if (typeof value === 'bigint') return { int64: value.toString() };
  if (typeof value === 'number') return { double: value };
  if (typeof value === 'boolean') return { bool: value };
  if (value === null) return { null: 'NULL' };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value) };
  return { list: protoTuple(value) };
}

function protoTemplate(template: Template): object {
  return { fields: template.map(protoMatcher) };
}

function protoMatcher(matcher: Matcher): object {
  switch (matcher.kind) {
    case 'exact':
      return { exact: protoValue(matcher.value) };
    case 'any':
      return { any: {} };
    case 'type':
      return { type: `VALUE_TYPE_${matcher.type.toUpperCase()}` };
    case 'range':
      return { range: protoRange(matcher) };
    case 'prefix':
      return { prefix: protoValue(matcher.value) };
  }
}

function protoRange({ low, high }: Extract<Matcher, { kind: 'range' }>): object {
  return plain({
    low: low && protoValue(low.value),
    high: high && protoValue(high.value),
    lowExclusive: low?.isInclusive === false,
    highExclusive: high?.isInclusive === false,
  });
}

function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === 0n || value === false;
}

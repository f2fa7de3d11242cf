/**
 * Matchers and templates on the wire.
 */
import { protobuf } from '../../runtime/index.js';
import type { Bound, Matcher, Template } from '../template.js';
import { typeOf, type Value, type ValueType } from '../tuple.js';
import { valueCodec } from './value.js';

const { bool, enumOf, FieldError, field, mapped, message, nested, present, repeated } = protobuf;

/** In the order of their numbers, from 1. */
const valueTypes: readonly ValueType[] = ['int64', 'double', 'string', 'bool', 'bytes', 'null', 'list'];

type Range = Extract<Matcher, { kind: 'range' }>;

interface WireRange {
  readonly low?: Value;
  readonly high?: Value;
  readonly lowExclusive: boolean;
  readonly highExclusive: boolean;
}

interface WireMatcher {
  readonly exact?: Value;
  readonly any?: object;
  readonly type?: ValueType;
  readonly range?: Omit<Range, 'kind'>;
  readonly prefix?: Value;
}

const rangeCodec: protobuf.MessageCodec<Omit<Range, 'kind'>> = mapped(
  message<WireRange>({
    low: nested(1, valueCodec),
    high: nested(2, valueCodec),
    lowExclusive: field(3, bool),
    highExclusive: field(4, bool),
  }),
  {
    write: ({ low, high }) => ({
      ...(low === undefined ? {} : { low: low.value }),
      ...(high === undefined ? {} : { high: high.value }),
      lowExclusive: low?.isInclusive === false,
      highExclusive: high?.isInclusive === false,
    }),
    read: ({ low, high, lowExclusive, highExclusive }) => ({
      ...(low === undefined ? {} : { low: toBound(low, !lowExclusive, 'low') }),
      ...(high === undefined ? {} : { high: toBound(high, !highExclusive, 'high') }),
    }),
  },
);

/** A `Matcher`: a oneof of which exactly one kind is set. */
const matcherCodec: protobuf.MessageCodec<Matcher> = mapped(
  message<WireMatcher>({
    exact: nested(1, valueCodec),
    any: nested(2, message<object>({})),
    type: present(3, enumOf(valueTypes)),
    range: nested(4, rangeCodec),
    prefix: nested(5, valueCodec),
  }),
  { write: toWire, read: fromWire },
);

interface WireTemplate {
  readonly fields: Template;
}

/** A `Template`. */
export const templateCodec: protobuf.MessageCodec<Template> = mapped(
  message<WireTemplate>({ fields: repeated(1, matcherCodec) }),
  { write: (fields) => ({ fields }), read: ({ fields }) => fields },
);

function toWire(matcher: Matcher): WireMatcher {
  switch (matcher.kind) {
    case 'exact':
      return { exact: matcher.value };
    case 'any':
      return { any: {} };
    case 'type':
      return { type: matcher.type };
    case 'range':
      return { range: matcher };
    case 'prefix':
      return { prefix: matcher.value };
  }
}

function fromWire(wire: WireMatcher): Matcher {
  if (Object.keys(wire).length !== 1) {
    throw new FieldError('want exactly one of exact, any, type, range, prefix');
  }
  if (wire.exact !== undefined) return { kind: 'exact', value: wire.exact };
  if (wire.type !== undefined) return { kind: 'type', type: wire.type };
  if (wire.range !== undefined) return { kind: 'range', ...wire.range };
  if (wire.prefix !== undefined) return { kind: 'prefix', value: toPrefix(wire.prefix) };
  return { kind: 'any' };
}

function toPrefix(value: Value): string | Uint8Array {
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  throw new FieldError(`is ${typeOf(value)}, want string or bytes`).within('prefix');
}

function toBound(value: Value, isInclusive: boolean, name: string): Bound {
  const isOrdered = typeof value === 'object' ? value instanceof Uint8Array : typeof value !== 'boolean';
  if (isOrdered) return { value: value as Bound['value'], isInclusive };
  throw new FieldError(`is ${typeOf(value)}, want int64, double, string or bytes`).within(name);
}

/**
 * Random messages for the codec's tests.
 */
import fc from 'fast-check';
import { callerKinds } from '../caller.js';
import { type Policy, type PolicyRule, type PolicyTemplate, policyOperations } from '../policy/policy.js';
import type { Matcher, Template } from '../template.js';
import type { StoredTuple, Tuple, Value, ValueType } from '../tuple.js';

export const anyText = fc.string({ unit: 'binary', maxLength: 40 });
const anyInt64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
export const anyUint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
export const anyMs = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
export const anyUint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyDouble = fc.double({ noNaN: true }).map((value) => (value === 0 ? 0 : value));
const anyBytes = fc.uint8Array({ maxLength: 40 });

const { value: anyValue } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    anyText,
    anyInt64,
    anyDouble,
    fc.boolean(),
    anyBytes,
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
}));

export const anyTuple: fc.Arbitrary<Tuple> = fc.array(anyValue, { maxLength: 6 });

const types: readonly ValueType[] = ['int64', 'double', 'string', 'bool', 'bytes', 'null', 'list'];

const anyBound = fc.record({
  value: fc.oneof(anyText, anyInt64, anyDouble, anyBytes),
  isInclusive: fc.boolean(),
});

/** Not 0, which proto3 does not send. */
export const someMs = anyMs.filter((ms) => ms !== 0);
export const someUint32 = fc.integer({ min: 1, max: 2 ** 32 - 1 });
export const someUint64 = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });
export const someText = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
export const anyCount = fc.nat({ max: Number.MAX_SAFE_INTEGER });

const anyMatcher: fc.Arbitrary<Matcher> = fc.oneof(
  anyValue.map((value) => ({ kind: 'exact' as const, value })),
  fc.constant({ kind: 'any' as const }),
  fc.constantFrom(...types).map((type) => ({ kind: 'type' as const, type })),
  fc.record(
    { kind: fc.constant('range' as const), low: anyBound, high: anyBound },
    { requiredKeys: ['kind'] },
  ),
  fc.oneof(anyText, anyBytes).map((value) => ({ kind: 'prefix' as const, value })),
);

export const anyTemplate: fc.Arbitrary<Template> = fc.array(anyMatcher, { maxLength: 5 });

const anyPolicyTemplate: fc.Arbitrary<PolicyTemplate> = fc.record({
  fields: fc.array(
    fc.oneof(
      anyMatcher,
      fc.constantFrom({ kind: 'caller' as const }, { kind: 'epoch' as const }),
      anyUint32.map((position) => ({ kind: 'field' as const, position })),
    ),
    { maxLength: 4 },
  ),
  hasMore: fc.boolean(),
});

const anyRule: fc.Arbitrary<PolicyRule> = fc.record(
  {
    name: anyText,
    effect: fc.constantFrom('allow' as const, 'deny' as const),
    operations: fc.subarray([...policyOperations]),
    kinds: fc.subarray([...callerKinds]),
    callers: fc.array(anyText, { maxLength: 2 }),
    template: anyPolicyTemplate,
    after: fc.array(anyPolicyTemplate, { maxLength: 2 }),
    until: fc.array(anyPolicyTemplate, { maxLength: 2 }),
  },
  { requiredKeys: ['name', 'effect', 'operations', 'kinds', 'callers', 'after', 'until'] },
);

export const anyPolicy: fc.Arbitrary<Policy> = fc.record({ rules: fc.array(anyRule, { maxLength: 2 }) });

export const anyStoredTuple: fc.Arbitrary<StoredTuple> = fc.record(
  {
    id: anyUint64,
    values: anyTuple,
    writer: anyText,
    writerEpoch: anyUint32,
    revision: anyUint64,
    writtenAtMs: anyMs,
    expiresAtMs: someMs,
    deliveryCount: anyUint32,
  },
  { requiredKeys: ['id', 'values', 'writer', 'writerEpoch', 'revision', 'writtenAtMs', 'deliveryCount'] },
);

/** A record of properties that must be there, and of some that may be absent. */
export function some<T>(
  must: { readonly [K in keyof T]?: fc.Arbitrary<T[K]> },
  may: { readonly [K in keyof T]?: fc.Arbitrary<Exclude<T[K], undefined>> } = {},
): fc.Arbitrary<T> {
  const model = { ...must, ...may } as Record<string, fc.Arbitrary<unknown>>;
  return fc.record(model, { requiredKeys: Object.keys(must) }) as fc.Arbitrary<unknown> as fc.Arbitrary<T>;
}

/**
 * Policies on the wire.
 */
import { protobuf } from '../../runtime/index.js';
import { callerKinds } from '../caller.js';
import {
  type Policy,
  type PolicyMatcher,
  type PolicyRule,
  type PolicyTemplate,
  policyOperations,
} from '../policy/policy.js';
import type { Matcher } from '../template.js';
import { matcherCodec } from './template.js';

const { bool, enumOf, field, listOf, mapped, message, nested, oneOf } = protobuf;
const { packed, present, repeated, required, text, texts, uint32 } = protobuf;

type WireMatcher = { readonly kind: 'matcher'; readonly matcher: Matcher } | Exclude<PolicyMatcher, Matcher>;

const policyMatcherCodec: protobuf.MessageCodec<PolicyMatcher> = mapped(
  message<{ readonly kind: WireMatcher }>({
    kind: oneOf<WireMatcher>({
      matcher: {
        number: 1,
        codec: mapped(matcherCodec, { write: ({ matcher }) => matcher, read: (matcher) => ({ matcher }) }),
      },
      caller: { number: 2, codec: message<object>({}) },
      epoch: { number: 3, codec: message<object>({}) },
      field: { number: 4, codec: message<{ readonly position: number }>({ position: field(1, uint32) }) },
    }),
  }),
  { write: (matcher) => ({ kind: toWire(matcher) }), read: ({ kind }) => fromWire(kind) },
);

const policyTemplateCodec = message<PolicyTemplate>({
  fields: repeated(1, policyMatcherCodec),
  hasMore: field(2, bool),
});

const ruleCodec = message<PolicyRule>({
  name: field(1, text),
  effect: required(present(2, enumOf<PolicyRule['effect']>(['allow', 'deny']))),
  operations: packed(3, enumOf(policyOperations)),
  kinds: packed(4, enumOf(callerKinds)),
  callers: texts(5),
  template: nested(6, policyTemplateCodec),
  after: repeated(7, policyTemplateCodec),
  until: repeated(8, policyTemplateCodec),
});

/** A `Policy`: its one field is the list of rules. */
export const policyCodec: protobuf.MessageCodec<Policy> = mapped(listOf(ruleCodec), {
  write: ({ rules }) => rules,
  read: (rules) => ({ rules }),
});

function toWire(matcher: PolicyMatcher): WireMatcher {
  switch (matcher.kind) {
    case 'caller':
    case 'epoch':
    case 'field':
      return matcher;
    default:
      return { kind: 'matcher', matcher };
  }
}

function fromWire(wire: WireMatcher): PolicyMatcher {
  return wire.kind === 'matcher' ? wire.matcher : wire;
}

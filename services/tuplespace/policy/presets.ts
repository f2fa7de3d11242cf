/**
 * Policies that many spaces want, and the words to write others with.
 */
import { any, anyOf, exact } from '../template.js';
import type { Value } from '../tuple.js';
import type { Policy, PolicyMatcher, PolicyOperation, PolicyRule, PolicyTemplate } from './policy.js';
import { policyOperations } from './policy.js';

/** The caller's id, in a policy's template. */
export const theCaller: PolicyMatcher = { kind: 'caller' };
/** The caller's epoch. */
export const theEpoch: PolicyMatcher = { kind: 'epoch' };

/** A template of a policy; plain values stand for themselves: `policyTemplate('vote', theCaller, any)`. */
export function policyTemplate(...fields: (Value | PolicyMatcher)[]): PolicyTemplate {
  return { fields: fields.map((field) => (isMatcher(field) ? field : exact(field))), hasMore: false };
}

/** The same, for tuples with these fields and any more. */
export function policyPrefix(...fields: (Value | PolicyMatcher)[]): PolicyTemplate {
  return { ...policyTemplate(...fields), hasMore: true };
}

type RuleOptions = Partial<Omit<PolicyRule, 'name' | 'effect' | 'operations'>>;

export function allow(
  name: string,
  operations: readonly PolicyOperation[],
  options: RuleOptions = {},
): PolicyRule {
  return { name, effect: 'allow', operations, kinds: [], callers: [], after: [], until: [], ...options };
}

export function deny(
  name: string,
  operations: readonly PolicyOperation[],
  options: RuleOptions = {},
): PolicyRule {
  return { ...allow(name, operations, options), effect: 'deny' };
}

/** Refuses to take to everybody: what was written stays. */
export const neverTake: PolicyRule = deny('never-take', ['take']);

/** Everyone may do everything, as in a space without a policy. */
export const openPolicy: Policy = { rules: [allow('open', policyOperations)] };

/**
 * Letters: field 1 is who wrote it, field 2 who it is for. Only the writer writes it in its own name, only the two of them read it.
 * @param letters one template for each form; what they have in fields 1 and 2 counts for nothing
 */
export function mailboxRules(
  letters: readonly PolicyTemplate[],
  options: RuleOptions = {},
): readonly PolicyRule[] {
  return letters.flatMap((letter) => [
    allow('send', ['write'], { ...options, template: withField(letter, 1, theCaller) }),
    allow('receive', ['read', 'watch'], { ...options, until: [], template: withField(letter, 2, theCaller) }),
    allow('sent', ['read', 'watch'], { ...options, until: [], template: withField(letter, 1, theCaller) }),
  ]);
}

/** Notices: field 1 is who wrote it. Only the writer writes it in its own name, everyone reads it. */
export function boardRules(
  notices: readonly PolicyTemplate[],
  options: RuleOptions = {},
): readonly PolicyRule[] {
  return notices.flatMap((notice) => [
    allow('post', ['write'], { ...options, template: withField(notice, 1, theCaller) }),
    allow('see', ['read', 'watch'], { ...options, until: [], template: withField(notice, 1, any) }),
  ]);
}

/** The orchestrator may do what the rules before this one leave. */
const keeper: PolicyRule = allow('keeper', policyOperations, { kinds: ['orchestrator'] });

/** Letters `(kind, from, to, …)` of every kind, nobody takes any. */
export const mailboxPolicy: Policy = {
  rules: [neverTake, keeper, ...mailboxRules([policyPrefix(anyOf('string'), any, any)])],
};

/** Notices `(kind, from, …)` of every kind, nobody takes any. */
export const boardPolicy: Policy = {
  rules: [neverTake, keeper, ...boardRules([policyPrefix(anyOf('string'), any)])],
};

export const policyPresets: Readonly<Record<'mailbox' | 'board' | 'open', Policy>> = {
  mailbox: mailboxPolicy,
  board: boardPolicy,
  open: openPolicy,
};

function withField({ fields, hasMore }: PolicyTemplate, at: number, matcher: PolicyMatcher): PolicyTemplate {
  return { fields: fields.map((field, i) => (i === at ? matcher : field)), hasMore };
}

function isMatcher(field: Value | PolicyMatcher): field is PolicyMatcher {
  return typeof field === 'object' && field !== null && 'kind' in field;
}

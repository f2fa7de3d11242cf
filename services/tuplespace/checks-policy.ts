/**
 * What a policy must be. The result is a copy with its keys in one order. Errors: invalid_argument, naming the field.
 */
import { invalidArgument } from '../runtime/index.js';
import { callerKinds } from './caller.js';
import { checkCallerId, checkInteger, checkText } from './checks-field.js';
import { checkTemplate } from './checks-template.js';
import type { SpaceLimits } from './limits.js';
import {
  type Policy,
  type PolicyMatcher,
  type PolicyRule,
  type PolicyTemplate,
  policyOperations,
} from './policy/policy.js';

/** Most rules of one policy, and most callers or conditions of one rule. */
const rulesMax = 128;
const listMax = 128;

export function checkPolicy(policy: Policy, limits: SpaceLimits): Policy {
  const rules = checkList(policy.rules, 'settings.policy.rules', rulesMax);
  return { rules: rules.map((rule, i) => checkRule(rule, `settings.policy.rules[${i}]`, limits)) };
}

function checkRule(rule: PolicyRule, at: string, limits: SpaceLimits): PolicyRule {
  const operations = checkNames(rule.operations, `${at}.operations`, policyOperations);
  if (operations.length === 0) throw invalidArgument(`${at}.operations`, 'are none, want at least one');
  const template = rule.template && checkRuleTemplate(rule.template, `${at}.template`, limits);
  const isAboutTuples = operations.every((operation) => operation !== 'lease' && operation !== 'drop');
  if (template !== undefined && !isAboutTuples) {
    throw invalidArgument(`${at}.template`, 'is about tuples, and lease and drop are not');
  }
  if (template?.fields.some(({ kind }) => kind === 'field') === true) {
    throw invalidArgument(`${at}.template`, 'refers to a field of the tuple, which only after and until can');
  }
  const [effect] = checkNames([rule.effect], `${at}.effect`, ['allow', 'deny'] as const);
  const checked = {
    name: checkText(rule.name, `${at}.name`, 64),
    effect: effect ?? 'deny',
    operations,
    kinds: checkNames(rule.kinds, `${at}.kinds`, callerKinds),
    callers: checkList(rule.callers, `${at}.callers`, listMax).map((id, i) =>
      checkCallerId(id, `${at}.callers[${i}]`),
    ),
    ...(template && { template }),
    after: checkConditions(rule, 'after', { at, limits }),
    until: checkConditions(rule, 'until', { at, limits }),
  };
  if (checked.effect === 'deny' && checked.until.length > 0)
    throw invalidArgument(`${at}.until`, 'ends a permission, and this rule gives none');
  return checked;
}

function checkConditions(
  rule: PolicyRule,
  name: 'after' | 'until',
  { at, limits }: { at: string; limits: SpaceLimits },
): readonly PolicyTemplate[] {
  const templates = checkList(rule[name], `${at}.${name}`, listMax);
  return templates.map((template, i) => {
    const field = `${at}.${name}[${i}]`;
    const checked = checkRuleTemplate(template, field, limits);
    if (checked.hasMore) throw invalidArgument(field, 'leaves the length open, and must name every field');
    const isOfTuple = checked.fields.some(({ kind }) => kind === 'field');
    if (isOfTuple && rule.operations.some((operation) => operation !== 'write'))
      throw invalidArgument(field, 'refers to a field of the tuple, which only rules for write can');
    return checked;
  });
}

function checkRuleTemplate(template: PolicyTemplate, at: string, limits: SpaceLimits): PolicyTemplate {
  const fields: readonly PolicyMatcher[] = checkList(template.fields, `${at}.fields`, limits.arityMax);
  const hasMore = template.hasMore === true;
  if (fields.length === 0) throw invalidArgument(`${at}.fields`, 'are none, want at least one');
  // What speaks of the caller or the tuple is not the template's to check.
  const plain = fields.map((matcher) => (isPlain(matcher) ? matcher : ({ kind: 'any' } as const)));
  const checked = checkTemplate(plain, at, limits);
  return {
    fields: fields.map((matcher, i) =>
      isPlain(matcher) ? (checked[i] ?? { kind: 'any' }) : checkReference(matcher, `${at}[${i}]`, limits),
    ),
    hasMore,
  };
}

type Reference = Extract<PolicyMatcher, { kind: 'caller' | 'epoch' | 'field' }>;

function isPlain(matcher: PolicyMatcher): matcher is Exclude<PolicyMatcher, Reference> {
  return !['caller', 'epoch', 'field'].includes(matcher?.kind);
}

function checkReference(matcher: Reference, at: string, { arityMax }: SpaceLimits): Reference {
  if (matcher.kind !== 'field') return { kind: matcher.kind };
  const position = checkInteger(matcher.position, `${at}.position`, { min: 0, max: arityMax - 1 });
  return { kind: 'field', position };
}

function checkNames<Name extends string>(
  names: readonly Name[],
  at: string,
  allowed: readonly Name[],
): readonly Name[] {
  return checkList(names, at, allowed.length).map((name) => {
    if (allowed.includes(name)) return name;
    throw invalidArgument(at, `"${name}" is unknown, allowed are ${allowed.join(', ')}`);
  });
}

function checkList<Item>(list: readonly Item[], at: string, max: number): readonly Item[] {
  if (Array.isArray(list) && list.length <= max) return Array.from(list as readonly Item[]);
  throw invalidArgument(at, `is not a list of at most ${max}`);
}

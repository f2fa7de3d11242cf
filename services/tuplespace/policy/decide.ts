/**
 * How a policy decides an act. Pure: who asks for what, the rules, and what stands in the space as far as a rule wants to know it.
 */
import type { Caller } from '../caller.js';
import { exact, type Matcher, matchesField, type Template } from '../template.js';
import type { Tuple, Value } from '../tuple.js';
import { canMeet, covers, isLengthRight, type RuleTemplate } from './covers.js';
import type { Policy, PolicyMatcher, PolicyOperation, PolicyRule, PolicyTemplate } from './policy.js';

/** What an act is about: one tuple, all that a template can match, or the whole space. */
export type Subject =
  | { readonly kind: 'tuple'; readonly tuple: Tuple }
  | { readonly kind: 'template'; readonly template: Template }
  | { readonly kind: 'space' };

/** How an act was decided. */
export interface Ruling {
  readonly isAllowed: boolean;
  /** The name of the rule that decided; `noRule` where none fitted. */
  readonly rule: string;
  /** True where the rule would have allowed it before its `until` came. */
  readonly isOver: boolean;
}

/** Stands for a rule where none fitted an act. */
export const noRule = 'default';

/** Whether a tuple stands, held ones included, that matches. */
export type Stands = (template: Template) => boolean;

/** The rules of a policy that one caller's acts of one operation can meet, in their order. */
export type CallerRules = readonly CallerRule[];

interface CallerRule {
  readonly rule: PolicyRule;
  readonly template: RuleTemplate | undefined;
  readonly after: readonly Condition[];
  readonly until: readonly Condition[];
}

/** A template that may still want a value of the tuple. */
type Condition = (subject: Subject) => Template;

export function rulesFor(policy: Policy, operation: PolicyOperation, caller: Caller): CallerRules {
  return policy.rules
    .filter((rule) => isFor(rule, operation, caller))
    .map((rule) => ({
      rule,
      template: rule.template && resolve(rule.template, caller),
      after: rule.after.map((template) => conditionOf(template, caller)),
      until: rule.until.map((template) => conditionOf(template, caller)),
    }));
}

/** Decides an act by the first rule that fits it. O(rules). */
export function decide(rules: CallerRules, subject: Subject, stands: Stands): Ruling {
  for (const { rule, template, after, until } of rules) {
    if (!isFit(rule.effect, template, subject)) continue;
    const isMet = (condition: Condition) => stands(condition(subject));
    if (after.length > 0 && !after.some(isMet)) continue;
    const isOver = until.some(isMet);
    return { isAllowed: rule.effect === 'allow' && !isOver, rule: rule.name, isOver };
  }
  return { isAllowed: false, rule: noRule, isOver: false };
}

function isFor({ operations, kinds, callers }: PolicyRule, operation: PolicyOperation, caller: Caller) {
  return (
    operations.includes(operation) &&
    (kinds.length === 0 || kinds.includes(caller.kind)) &&
    (callers.length === 0 || callers.includes(caller.id))
  );
}

/** An allowing rule fits what it covers whole, a denying one whatever it can meet. */
function isFit(effect: PolicyRule['effect'], template: RuleTemplate | undefined, subject: Subject): boolean {
  if (template === undefined) return true;
  switch (subject.kind) {
    case 'tuple':
      return matchesRule(template, subject.tuple);
    case 'template':
      return effect === 'allow' ? covers(template, subject.template) : canMeet(template, subject.template);
    case 'space':
      return effect === 'deny';
  }
}

function matchesRule(template: RuleTemplate, tuple: Tuple): boolean {
  if (!isLengthRight(template, tuple.length)) return false;
  return template.fields.every((matcher, i) => matchesField(matcher, tuple[i] as Value));
}

function conditionOf(template: PolicyTemplate, caller: Caller): Condition {
  if (!template.fields.some(({ kind }) => kind === 'field')) {
    const { fields } = resolve(template, caller);
    return () => fields;
  }
  return (subject) => resolve(template, caller, subject.kind === 'tuple' ? subject.tuple : []).fields;
}

function resolve({ fields, hasMore }: PolicyTemplate, caller: Caller, tuple: Tuple = []): RuleTemplate {
  return { fields: fields.map((matcher) => resolveField(matcher, caller, tuple)), hasMore };
}

function resolveField(matcher: PolicyMatcher, caller: Caller, tuple: Tuple): Matcher {
  switch (matcher.kind) {
    case 'caller':
      return exact(caller.id);
    case 'epoch':
      return exact(BigInt(caller.epoch));
    case 'field':
      return exact(tuple[matcher.position] ?? null);
    default:
      return matcher;
  }
}

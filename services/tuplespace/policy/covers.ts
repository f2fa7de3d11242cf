/**
 * What two templates have to do with each other: whether one covers all that the other can match, and whether the two can match the
 * same tuple at all. Both err to the safe side: `covers` may say no, and `canMeet` yes, where the other was true.
 */
import { type Bound, compareValues, type Matcher, matchesField, type Template } from '../template.js';
import { typeOf, type ValueType } from '../tuple.js';

/** A template of a rule, for one caller. */
export interface RuleTemplate {
  readonly fields: Template;
  readonly hasMore: boolean;
}

/** Whether a rule's template matches every tuple that `asked` matches. */
export function covers({ fields, hasMore }: RuleTemplate, asked: Template): boolean {
  if (!isLengthRight({ fields, hasMore }, asked.length)) return false;
  return fields.every((field, i) => coversField(field, asked[i] ?? { kind: 'any' }));
}

/** Whether some tuple may match both. */
export function canMeet({ fields, hasMore }: RuleTemplate, asked: Template): boolean {
  if (!isLengthRight({ fields, hasMore }, asked.length)) return false;
  return fields.every((field, i) => canFieldsMeet(field, asked[i] ?? { kind: 'any' }));
}

export function isLengthRight({ fields, hasMore }: RuleTemplate, length: number): boolean {
  return hasMore ? length >= fields.length : length === fields.length;
}

function coversField(rule: Matcher, asked: Matcher): boolean {
  if (rule.kind === 'any') return true;
  if (asked.kind === 'exact') return matchesField(rule, asked.value);
  switch (rule.kind) {
    case 'exact':
      return false;
    case 'type':
      return typeOfMatcher(asked) === rule.type;
    case 'range':
      return asked.kind === 'range' && isInside(asked, rule);
    case 'prefix':
      return asked.kind === 'prefix' && matchesField(rule, asked.value);
  }
}

function canFieldsMeet(rule: Matcher, asked: Matcher): boolean {
  if (asked.kind === 'exact') return matchesField(rule, asked.value);
  if (rule.kind === 'exact') return matchesField(asked, rule.value);
  const [ruleType, askedType] = [typeOfMatcher(rule), typeOfMatcher(asked)];
  return ruleType === undefined || askedType === undefined || ruleType === askedType;
}

/** The only type that it matches; undefined: any. */
function typeOfMatcher(matcher: Matcher): ValueType | undefined {
  switch (matcher.kind) {
    case 'any':
      return undefined;
    case 'exact':
    case 'prefix':
      return typeOf(matcher.value);
    case 'type':
      return matcher.type;
    case 'range':
      return typeOf((matcher.low ?? matcher.high)?.value ?? null);
  }
}

type Range = Extract<Matcher, { kind: 'range' }>;

function isInside(inner: Range, outer: Range): boolean {
  if (typeOfMatcher(inner) !== typeOfMatcher(outer)) return false;
  return isEndInside(inner.low, outer.low, 1) && isEndInside(inner.high, outer.high, -1);
}

/** @param inward the sign of the order from the outer end into the range */
function isEndInside(inner: Bound | undefined, outer: Bound | undefined, inward: 1 | -1): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return false;
  const order = compareValues(inner.value, outer.value) * inward;
  return order > 0 || (order === 0 && (outer.isInclusive || !inner.isInclusive));
}

/**
 * What a client's template must be. The result is a copy that the client can no longer change, so that a
 * blocked call or a watch may keep it.
 */
import { invalidArgument } from '../runtime/index.js';
import { checkValue } from './checks-tuple.js';
import type { SpaceLimits } from './limits.js';
import type { Bound, Matcher, Template } from './template.js';
import type { Value, ValueType } from './tuple.js';
import { typeOf } from './tuple.js';

const valueTypes: ReadonlySet<ValueType> = new Set([
  'int64',
  'double',
  'string',
  'bool',
  'bytes',
  'null',
  'list',
]);

/** Types that have an order, and so can bound a range. */
const orderedTypes: ReadonlySet<ValueType> = new Set(['int64', 'double', 'string', 'bytes']);

interface Place {
  readonly field: string;
  readonly index: number;
}

/**
 * Checks the templates of a call. Errors: invalid_argument, naming the field by its path: `templates[1][3]`.
 */
export function checkTemplates(
  templates: unknown,
  countMin: number,
  limits: SpaceLimits,
): readonly Template[] {
  if (!Array.isArray(templates)) throw invalidArgument('templates', 'is not a list of templates');
  if (templates.length < countMin || templates.length > limits.templatesMax) {
    const allowed = `${countMin} to ${limits.templatesMax} (templatesMax)`;
    throw invalidArgument('templates', `${templates.length} templates, allowed are ${allowed}`);
  }
  const checked: Template[] = [];
  for (let i = 0; i < templates.length; i++)
    checked.push(checkTemplate(templates[i], `templates[${i}]`, limits));
  return checked;
}

/** Checks one template. Errors: invalid_argument, naming the field. */
export function checkTemplate(template: unknown, field: string, limits: SpaceLimits): Template {
  if (!Array.isArray(template)) throw invalidArgument(field, 'is not a list of matchers');
  if (template.length < 1 || template.length > limits.arityMax) {
    throw invalidArgument(field, `${template.length} fields, allowed are 1 to ${limits.arityMax} (arityMax)`);
  }
  const checked: Matcher[] = [];
  for (let index = 0; index < template.length; index++)
    checked.push(checkMatcher(template[index], { field, index }, limits));
  return checked;
}

function checkMatcher(matcher: Matcher | null | undefined, at: Place, limits: SpaceLimits): Matcher {
  const problem = 'is not a matcher, allowed are exact, any, type, range and prefix';
  if (matcher === undefined || matcher === null) throw invalid(at, problem);
  switch (matcher.kind) {
    case 'exact':
      return { kind: 'exact', value: checkValue(matcher.value, at, limits) };
    case 'any':
      return { kind: 'any' };
    case 'type':
      if (!valueTypes.has(matcher.type)) {
        throw invalid(at, `"${matcher.type}" is not a type, allowed are ${[...valueTypes].join(', ')}`);
      }
      return { kind: 'type', type: matcher.type };
    case 'range':
      return checkRange(matcher, at, limits);
    case 'prefix':
      return checkPrefix(matcher.value, at, limits);
    default:
      throw invalid(at, problem);
  }
}

function checkRange(range: Extract<Matcher, { kind: 'range' }>, at: Place, limits: SpaceLimits): Matcher {
  const low = checkBound(range.low, at, limits);
  const high = checkBound(range.high, at, limits);
  if (low === undefined && high === undefined)
    throw invalid(at, 'the range has no end, allowed are one or two');
  if (low !== undefined && high !== undefined && typeOf(low.value) !== typeOf(high.value)) {
    const types = `${typeOf(low.value)} and ${typeOf(high.value)}`;
    throw invalid(at, `the range goes between ${types}, allowed is one type`);
  }
  return { kind: 'range', ...(low && { low }), ...(high && { high }) };
}

function checkBound(bound: Bound | undefined, at: Place, limits: SpaceLimits): Bound | undefined {
  if (bound === undefined) return undefined;
  const value = checkValue(bound.value, at, limits);
  if (!isOrdered(value)) {
    throw invalid(at, `${typeOf(value)} has no order, a range allows ${[...orderedTypes].join(', ')}`);
  }
  return { value, isInclusive: bound.isInclusive };
}

function checkPrefix(start: unknown, at: Place, limits: SpaceLimits): Matcher {
  const value = checkValue(start, at, limits);
  if (typeof value === 'string' || value instanceof Uint8Array) return { kind: 'prefix', value };
  throw invalid(at, `${typeOf(value)} has no prefix, allowed are string and bytes`);
}

function isOrdered(value: Value): value is Bound['value'] {
  return orderedTypes.has(typeOf(value));
}

function invalid({ field, index }: Place, problem: string) {
  return invalidArgument(`${field}[${index}]`, problem);
}

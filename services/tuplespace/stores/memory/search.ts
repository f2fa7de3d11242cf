/**
 * Search: the matches of a call's templates, oldest first, each once, within the number of tuples that a call
 * may examine.
 */
import { ServiceError } from '../../../runtime/index.js';
import type { Matcher, Template } from '../../template.js';
import { matches, matchesField } from '../../template.js';
import type { Tuple, Value } from '../../tuple.js';
import type { Entry } from './entry.js';
import { merge } from './merge.js';
import type { Plan } from './plan.js';
import type { TupleIndex } from './tuple-index.js';

export interface Search {
  /** The free tuples, and the held ones where they count. */
  readonly indexes: readonly TupleIndex[];
  /** A tuple counts if any of them matches. */
  readonly templates: readonly Template[];
  /** Only tuples with a greater id. */
  readonly afterId: number;
  readonly examinedMax: number;
  /**
   * True where only the tuples that do not match count as examined: a snapshot may have any number of
   * matches.
   */
  readonly areMatchesFree?: boolean;
  /** Told how many tuples were examined. */
  readonly tally?: { examinedCount: number };
}

/**
 * The matches, found one by one. Errors: resource_exhausted once more than `examinedMax` tuples were
 * examined.
 */
export function* find(search: Search): Generator<Entry> {
  const { afterId, examinedMax, areMatchesFree } = search;
  const plans = plansOf(search);
  const isMatch = testOf(search.templates, plans);
  const walks = plans.map((plan) => plan.walk(afterId));
  let matchCount = 0;
  let missCount = 0;
  let lastOrder = 0;
  try {
    for (const entry of merge(walks, (candidate) => candidate.order)) {
      if (entry.order === lastOrder) continue;
      lastOrder = entry.order;
      const isFound = isMatch(entry.values);
      if (isFound) matchCount += 1;
      else missCount += 1;
      if (missCount + (areMatchesFree ? 0 : matchCount) > examinedMax) throw tooBroad(examinedMax, plans);
      if (isFound) yield entry;
    }
  } finally {
    for (const plan of plans) plan.missed(missCount);
    if (search.tally !== undefined) search.tally.examinedCount = missCount + matchCount;
  }
}

/** At least as many as a search for all matches examines; cheap, and makes no plan. */
export function boundCandidates({ indexes, templates }: Search): number {
  let count = 0;
  for (const index of indexes) for (const template of templates) count += index.bound(template);
  return count;
}

/** How many tuples a search for all matches examines at most. */
export function countCandidates(search: Search): number {
  return plansOf(search).reduce((sum, plan) => sum + plan.size, 0);
}

/** The first matches, at most `limit`. */
export function findFirst(search: Search, limit: number): Entry[] {
  const entries: Entry[] = [];
  for (const entry of find(search)) {
    entries.push(entry);
    if (entries.length >= limit) break;
  }
  return entries;
}

/**
 * The number of matches: O(1) for one template when nothing but the values that lead to them is to be
 * checked.
 */
export function countMatches(search: Search): number {
  const [template] = search.templates;
  if (search.templates.length === 1 && template !== undefined && search.afterId === 0) {
    const plans = plansOf(search);
    if (plans.every((plan) => openMatchers(template, plan.answeredField).length === 0)) {
      return plans.reduce((sum, plan) => sum + plan.size, 0);
    }
  }
  let count = 0;
  for (const _ of find(search)) count += 1;
  return count;
}

function plansOf({ indexes, templates, examinedMax }: Search): Plan[] {
  return indexes.flatMap((index) => templates.map((template) => index.plan(template, examinedMax)));
}

type Test = (values: Tuple) => boolean;

/** Whether an entry of the plans matches. With one plan, what led to the entry is not looked at again. */
function testOf(templates: readonly Template[], plans: readonly Plan[]): Test {
  const [template] = templates;
  const [plan] = plans;
  if (plans.length !== 1 || template === undefined || plan === undefined) {
    return (values) => templates.some((each) => matches(each, values));
  }
  const open = openMatchers(template, plan.answeredField);
  return (values) => open.every(([i, matcher]) => matchesField(matcher, values[i] as Value));
}

/** The matchers that still have to be looked at, with their fields. */
function openMatchers(template: Template, answeredField: number | undefined): [number, Matcher][] {
  const open: [number, Matcher][] = [];
  template.forEach((matcher, i) => {
    if (matcher.kind !== 'any' && i !== answeredField) open.push([i, matcher]);
  });
  return open;
}

function tooBroad(examinedMax: number, plans: readonly Plan[]): ServiceError {
  const ways = plans.map((plan) => `${plan.words()} has ${plan.size}`).slice(0, 4);
  return new ServiceError(
    'resource_exhausted',
    `examinedMax: more than ${examinedMax} tuples to examine (${ways.join(', ')}); bind a rarer field`,
    { details: { limit: 'examinedMax', max: String(examinedMax) } },
  );
}

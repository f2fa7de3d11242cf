/**
 * Search: the matches of a call's templates, oldest first, each once, within the number of tuples that a call
 * may examine.
 */
import { ServiceError } from '../../../runtime/index.js';
import type { Template } from '../../template.js';
import { matches } from '../../template.js';
import type { Entry } from './entry.js';
import { merge } from './merge.js';
import type { Plan, TupleIndex } from './tuple-index.js';

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
}

/**
 * The matches, found one by one. Errors: resource_exhausted once more than `examinedMax` tuples were
 * examined.
 */
export function* find(search: Search): Generator<Entry> {
  const { templates, afterId } = search;
  const plans = plansOf(search);
  let examinedCount = 0;
  let lastOrder = 0;
  for (const entry of merge(
    plans.map((plan) => plan.walk(afterId)),
    (candidate) => candidate.order,
  )) {
    if (entry.order === lastOrder) continue;
    lastOrder = entry.order;
    const isMatch = templates.some((template) => matches(template, entry.tuple.values));
    if (!isMatch || !search.areMatchesFree) examinedCount += 1;
    if (examinedCount > search.examinedMax) throw tooBroad(search.examinedMax, plans);
    if (isMatch) yield entry;
  }
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

/** The number of matches: O(1) for one template with at most one exact value and nothing else to check. */
export function countMatches(search: Search): number {
  const { templates, afterId } = search;
  if (templates.length === 1 && afterId === 0) {
    const plans = plansOf(search);
    if (plans.every((plan) => plan.isCount)) return plans.reduce((sum, plan) => sum + plan.size, 0);
  }
  let count = 0;
  for (const _ of find(search)) count += 1;
  return count;
}

function plansOf({ indexes, templates, examinedMax }: Search): Plan[] {
  return indexes.flatMap((index) => templates.map((template) => index.plan(template, examinedMax)));
}

function tooBroad(examinedMax: number, plans: readonly Plan[]): ServiceError {
  const ways = plans.map((plan) => `${plan.words()} has ${plan.size}`).slice(0, 4);
  return new ServiceError(
    'resource_exhausted',
    `examinedMax: more than ${examinedMax} tuples to examine (${ways.join(', ')}); bind a rarer field`,
    { details: { limit: 'examinedMax', max: String(examinedMax) } },
  );
}

/**
 * How far the search of an effect reaches. A template that would examine more tuples than the space's limit is refused, but how many it
 * examines depends on what this machine's index has learnt, and machines that share a log must all do the same. So the search is tried
 * before the call goes into the log, on one machine; and in the log the call says what was found, so that every machine can tell
 * whether enough has become free since then for the finding to be worth nothing.
 */
import type { Template } from '../../template.js';
import { boundCandidates, countCandidates, findFirst } from './search.js';
import type { SpaceState } from './state.js';

export interface Reach {
  /** How many tuples the search examined, or would at most. */
  readonly examinedCount: number;
  /** The space's count of tuples that have become free, when it was tried. */
  readonly freedCount: number;
}

export interface ReachOptions {
  readonly max: number;
  readonly includeHeld: boolean;
}

/** Tries a search. Errors: resource_exhausted. */
export function reachOf(
  state: SpaceState,
  templates: readonly Template[],
  { max, includeHeld }: ReachOptions,
): Reach {
  const { freedCount } = state.bag;
  const search = state.search(templates, { includeHeld });
  // Far from the limit there is no need to look at any of them.
  for (const count of [boundCandidates, countCandidates]) {
    const examinedCount = count(search);
    if (examinedCount <= search.examinedMax / 2) return { examinedCount, freedCount };
  }
  const tally = { examinedCount: 0 };
  findFirst({ ...search, tally }, max);
  return { ...tally, freedCount };
}

/** Whether the search still examines no more than this, whatever has become free meanwhile: each such tuple is one more at most. */
export function isWithin(
  state: SpaceState,
  { examinedCount, freedCount }: Reach,
  examinedMax: number,
): boolean {
  return examinedCount + state.bag.freedCount - freedCount <= examinedMax;
}

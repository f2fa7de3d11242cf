/**
 * What a read or a take gets now, without waiting.
 */
import type { CheckedRead, CheckedTake } from '../../checks-request.js';
import type { ReadAnswer, TakeAnswer } from '../../space.js';
import { bytesOf, visible } from './entry.js';
import { countMatches, findFirst } from './search.js';
import type { SpaceState } from './state.js';

/** Changes nothing. Errors: resource_exhausted (too broad a template). */
export function readNow(state: SpaceState, request: CheckedRead): ReadAnswer {
  const { limit, min } = request;
  const { revision } = state;
  const search = state.search(request.templates, request);
  if (request.countOnly) {
    const count = countMatches(search);
    return { tuples: [], count, isSatisfied: count >= min, revision };
  }
  const found = findFirst(search, limit + 1);
  const tuples = found.slice(0, limit).map(visible);
  const last = found.length > limit ? tuples[limit - 1] : undefined;
  return {
    tuples,
    count: tuples.length,
    isSatisfied: tuples.length >= min,
    ...(last && { nextAfterId: last.id }),
    revision,
  };
}

/**
 * Takes or holds what matches, with the canonical size of it; or says how many matches are missing, and
 * changes nothing. Errors: resource_exhausted (too broad a template), not_found, failed_precondition (the
 * lease).
 */
export function takeNow(
  state: SpaceState,
  request: CheckedTake,
  nowMs: number,
): { readonly answer: TakeAnswer; readonly bytes: number } | { readonly missingCount: number } {
  const entries = findFirst(state.effectSearch(request.templates), request.max);
  if (entries.length < request.min) return { missingCount: request.min - entries.length };
  const answer = request.holdMs === 0 ? state.take(entries) : state.hold(entries, request, nowMs);
  return { answer, bytes: bytesOf(entries) };
}

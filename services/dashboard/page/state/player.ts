/**
 * Going through the events of a round. A place is the index of the last event that has happened; what generals report of their times,
 * and the keys that they make known, are no steps. Pure.
 */
import type { TraceEvent } from '../../../record/index.js';

/** Speeds that can be chosen, as factors. */
export const speeds: readonly number[] = [0.5, 1, 2, 4, 8, 16];

/** How long a step stands at speed 1, in ms. */
export const stepMs = 700;

/** The next place in a direction; the same where there is none. O(reports in between). */
export function stepFrom(events: readonly TraceEvent[], place: number, by: 1 | -1): number {
  for (let next = place + by; next >= 0 && next < events.length; next += by) {
    if (isStep(events[next])) return next;
  }
  return place;
}

/** The last place of the part before, or of the next part: a part is a phase, the decisions, the end. O(events). */
export function partFrom(events: readonly TraceEvent[], place: number, by: 1 | -1): number {
  const ends = partEnds(events);
  const found = by === 1 ? ends.find((end) => end > place) : ends.findLast((end) => end < place);
  return found ?? (by === 1 ? lastPlace(events) : 0);
}

/** The last step; 0 when nothing has happened. */
export function lastPlace(events: readonly TraceEvent[]): number {
  return Math.max(0, events.findLastIndex(isStep));
}

/** Which of how many steps a place is, from 0. O(events). */
export function stepNumber(events: readonly TraceEvent[], place: number): { number: number; count: number } {
  const indexes = stepIndexes(events);
  return {
    number: Math.max(
      0,
      indexes.findLastIndex((index) => index <= place),
    ),
    count: indexes.length,
  };
}

/** The places of all steps, in order. */
export function stepIndexes(events: readonly TraceEvent[]): readonly number[] {
  return events.flatMap((event, index) => (isStep(event) ? [index] : []));
}

/**
 * The phase that an event belongs to: -1 for the start, the number of phases for decisions and the end; undefined for what happens in
 * any of them.
 */
export function phaseOf(event: TraceEvent, phaseCount: number): number | undefined {
  switch (event.kind) {
    case 'started':
    case 'key':
      return -1;
    case 'message':
      return event.message.phase;
    case 'moved':
      return undefined;
    case 'closed':
      return event.phase;
    case 'decision':
    case 'report':
    case 'ended':
      return phaseCount;
  }
}

function partEnds(events: readonly TraceEvent[]): readonly number[] {
  const steps = stepIndexes(events);
  const phaseCount =
    1 + Math.max(0, ...events.map((event) => (event.kind === 'message' ? event.message.phase : 0)));
  // The close that ends the decisions belongs to them.
  let part = -1;
  const parts = events.map((event) => {
    part = Math.min(phaseCount, phaseOf(event, phaseCount) ?? part);
    return part;
  });
  return steps.filter((index, i) => {
    const next = steps[i + 1];
    return next === undefined || parts[next] !== parts[index];
  });
}

function isStep(event: TraceEvent | undefined): boolean {
  return event !== undefined && event.kind !== 'report' && event.kind !== 'key';
}

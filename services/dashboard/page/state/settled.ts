/**
 * When a property of a round was settled. Pure.
 */
import type { Judgement } from '../../../consensus/index.js';
import type { Trace } from '../../../record/index.js';

/** Index of the decision after which the judgement could not change; undefined where no decision did it. O(events). */
export function settledAt({ events }: Trace, { witness }: Judgement): number | undefined {
  const found = events.findLastIndex((event) => event.kind === 'decision' && witness.includes(event.general));
  return found < 0 ? undefined : found;
}

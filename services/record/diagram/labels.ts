/**
 * What stands at an arrow of a diagram, and how the arrow is drawn.
 */
import type { MessageWritten } from '../trace.js';
import { votesOf } from '../words.js';

/** `Attack` or `Retreat` when a message says nothing else; `both` for two votes, and for none. */
export function kindOf({ message }: MessageWritten): string {
  const votes = votesOf(message.entries);
  return votes.length === 1 ? (votes[0]?.vote ?? 'both') : 'both';
}

/** `A`, `R!`, or of several values `3A 1R!`: how many of each, the mark if one of them is false. */
export function labelOf({ message }: MessageWritten): string {
  const { entries, counts } = message;
  const votes = votesOf(entries).map(
    ({ vote, count }) => `${entries.length === 1 ? '' : count}${vote[0] ?? ''}`,
  );
  const isLie = entries.some(({ isFalse }) => isFalse);
  const label = `${votes.join(' ') || '·'}${isLie ? '!' : ''}`;
  return counts ? label : `(${label})`;
}

/**
 * What stands at an arrow of a diagram, and how the arrow is drawn.
 */
import type { MessageWritten, Moved } from '../trace.js';
import { votesOf } from '../words.js';

/** `Attack` or `Retreat` when a message says nothing else; `both` for two votes, and for none. */
export function kindOf({ message }: MessageWritten): string {
  const votes = votesOf(message.entries);
  return votes.length === 1 ? (votes[0]?.vote ?? 'both') : 'both';
}

/** Two lines: the node to which a general goes, and the epoch in which it goes on there. */
export function moveLabel({ seat: { node, epoch } }: Moved): readonly [string, string] {
  return [`→ ${node.length <= nodeLength ? node : `${node.slice(0, nodeLength - 1)}…`}`, `epoch ${epoch}`];
}

/** Room for the longer of the two lines, in the units of the layout. */
export function moveWidth(moved: Moved): number {
  return 16 + 8 * Math.max(...moveLabel(moved).map(({ length }) => length));
}

/** A longer name is cut; the title of the mark has all of it. */
const nodeLength = 20;

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

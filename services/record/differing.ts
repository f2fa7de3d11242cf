/**
 * How a recorded message differs from what its sender can have written.
 */
import type { Entry, Message, Path, Vote } from '../consensus/index.js';
import { entryOf } from './signatures.js';
import type { TraceMessage } from './trace.js';
import { pathWords, told } from './words.js';

/** What the cores make of the sender of a message. */
export interface Sender {
  /** All that it can have written in that slot. */
  readonly due: readonly Message[];
  /** What its loyal core says there; undefined where that owes nothing. */
  readonly loyal: Message | undefined;
  readonly isTraitor: boolean;
}

/** In words; undefined when it is one of those. */
export function differing(message: TraceMessage, { due, loyal, isTraitor }: Sender): string | undefined {
  const [nearest] = due;
  if (nearest === undefined) {
    const { from, to, phase } = message;
    return `${from} tells ${to} something in phase ${phase} that it could not know yet, or owes nobody`;
  }
  const entries = message.entries.map(entryOf);
  if (!due.some((one) => isSameMessage(entries, one.entries))) {
    const place = entries.findIndex((entry, i) => !isSameEntry(entry, nearest.entries[i]));
    const at = place < 0 ? entries.length : place;
    const [said, follows] = [entries[at], nearest.entries[at]];
    if (said !== undefined && follows !== undefined && isSameValue(said, follows))
      return `${told(message)} ${valueWords(said)} with a signature that is not the one which follows`;
    const why = isTraitor ? 'by its plan it says' : 'from what it had heard follows';
    return `${told(message)} ${valueWords(said)}; ${why} ${valueWords(follows)}`;
  }
  const mark = message.entries.find((entry) => {
    const isTrue = loyal?.entries.some((one) => isSameValue(one, entry)) ?? false;
    return entry.isFalse !== (isTraitor && !isTrue);
  });
  if (mark === undefined) return undefined;
  return `${told(message)} ${valueWords(mark)}, which is ${mark.isFalse ? 'true' : 'false'}, and the record says otherwise`;
}

function isSameMessage(said: readonly Entry[], due: readonly Entry[]): boolean {
  return said.length === due.length && said.every((entry, i) => isSameEntry(entry, due[i]));
}

function isSameEntry(left: Entry, right: Entry | undefined): boolean {
  if (right === undefined || !isSameValue(left, right)) return false;
  const [mine, its] = [left.signatures ?? [], right.signatures ?? []];
  return mine.length === its.length && mine.every((signature, i) => isSame(signature, its[i]));
}

function isSameValue(left: Value, right: Value): boolean {
  return left.vote === right.vote && isSame(left.path, right.path);
}

function isSame(left: Path | Uint8Array, right: Path | Uint8Array | undefined): boolean {
  return right !== undefined && left.length === right.length && left.every((one, i) => one === right[i]);
}

interface Value {
  readonly path: Path;
  readonly vote: Vote;
}

function valueWords(entry: Value | undefined): string {
  if (entry === undefined) return 'nothing more';
  const { path, vote } = entry;
  return path.length < 2 ? vote : `${vote} (${pathWords(path.slice(0, -1))})`;
}

/**
 * Which entries of a message of OM(m) count: those by a path that its sender owes its recipient, with a vote,
 * and of several by one path the first.
 */
import { omPaths } from './om-paths.js';
import type { Entry, JudgedEntries, Path, Setting, Slot } from './protocol.js';
import { votes } from './protocol.js';

/** O(its entries) when they are in canonical order. */
export function judgeOmEntries(setting: Setting, slot: Slot, entries: readonly Entry[]): JudgedEntries {
  const paths = omPaths(setting).inSlot(slot);
  const legal: Entry[] = [];
  const ignored: JudgedEntries['ignored'][number][] = [];
  const seen = new Set<number>();
  let expected = 0;
  for (const entry of entries) {
    const { path, vote } = entry;
    // Canonical order makes the next path the likely one.
    const isNext = isSamePath(path, paths[expected]);
    const index = isNext ? expected : paths.findIndex((one) => isSamePath(path, one));
    expected = index + 1;
    if (index < 0) ignored.push({ reason: 'illegal_path', path });
    else if (!votes.includes(vote)) ignored.push({ reason: 'illegal_vote', path });
    else if (seen.has(index)) ignored.push({ reason: 'repeated_path', path });
    else legal.push(entry);
    seen.add(index);
  }
  return { legal, ignored };
}

function isSamePath(left: Path, right: Path | undefined): boolean {
  return right !== undefined && left.length === right.length && left.every((id, i) => id === right[i]);
}

/**
 * Messages of protocols in which nothing is relayed: at most one vote, said by its sender alone.
 */
import type { Telling } from './lock-step-rules.js';
import type {
  Entry,
  GeneralId,
  JudgedEntries,
  Message,
  Path,
  PlacedEntries,
  Setting,
  Slot,
  Vote,
} from './protocol.js';
import { votes } from './protocol.js';

/** Tells everybody the same vote, or nothing. */
export function tellAll(self: GeneralId, vote: Vote | undefined): Telling {
  const entries: readonly Entry[] = vote === undefined ? [] : [{ path: [self], vote }];
  return () => entries;
}

/** The rules of a lock-step protocol about its entries, for such a protocol. */
export const plainEntries = {
  paths: (_setting: Setting, { from }: Slot): readonly Path[] => [[from]],

  places: (_setting: Setting, { from, entries }: Message): readonly PlacedEntries[] => [
    { path: [from], entries },
  ],

  /** The first vote counts. */
  judge(_setting: Setting, { from }: Slot, entries: readonly Entry[]): JudgedEntries {
    const legal: Entry[] = [];
    const ignored: JudgedEntries['ignored'][number][] = [];
    for (const entry of entries) {
      const { path, vote } = entry;
      if (path.length !== 1 || path[0] !== from) ignored.push({ reason: 'illegal_path', path });
      else if (!votes.includes(vote)) ignored.push({ reason: 'illegal_vote', path });
      else if (legal.length > 0) ignored.push({ reason: 'repeated_path', path });
      else legal.push(entry);
    }
    return { legal, ignored };
  },

  say: (_situation: unknown, _known: unknown, _slot: Slot, path: Path, vote: Vote): Entry => ({ path, vote }),
};

/**
 * Which chains of a message count: as many signers as the phase demands, the commander first and the writer
 * last, nobody twice, not the recipient, and every signature good. One that does not verify is reported and
 * counts for nothing.
 */
import type { Entry, JudgedEntries, Path, Setting, Signing, Slot } from './protocol.js';
import { votes } from './protocol.js';
import { isSigned } from './signed-chain.js';

/** Cost: at most two chains of phase + 1 signatures are checked, since nobody owes more. */
export function judgeChains(
  setting: Setting,
  slot: Slot,
  entries: readonly Entry[],
  signing?: Signing,
): JudgedEntries {
  const legal: Entry[] = [];
  const ignored: JudgedEntries['ignored'][number][] = [];
  for (const [index, entry] of entries.entries()) {
    const { path, vote } = entry;
    const isRepeated = index >= votes.length || legal.some((one) => one.vote === vote);
    if (!isChainOf(setting, slot, path)) ignored.push({ reason: 'illegal_path', path });
    else if (!votes.includes(vote)) ignored.push({ reason: 'illegal_vote', path });
    else if (isRepeated) ignored.push({ reason: 'repeated_path', path });
    else if (signing !== undefined && !isSigned(entry, signing))
      ignored.push({ reason: 'illegal_signature', path });
    else legal.push(entry);
  }
  return { legal, ignored };
}

function isChainOf({ generals, commander }: Setting, { phase, from, to }: Slot, path: Path): boolean {
  if (path.length !== phase + 1 || path[0] !== commander || path.at(-1) !== from) return false;
  if (path.includes(to) || new Set(path).size !== path.length) return false;
  return path.every((general) => generals.includes(general));
}

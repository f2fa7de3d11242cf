/**
 * What the record of a round shows that no loyal general does. It convicts nobody on its own: it is worth as much as the word of the
 * space that kept the record and of the orchestrator that gave the order.
 */
import type { Entry, GeneralId, Message, Path, Slot, Vote } from '../protocol.js';
import { replayLoyal, type SpaceRecord, slotKey } from './loyal-replay.js';

/** Something that a general said, or left out of what it said, and that a loyal one in its place would not have. */
export type Deviation = { readonly slot: Slot } & (
  | {
      /** Another value than it was given, or heard. */
      readonly kind: 'false_value';
      readonly path: Path;
      readonly said: Vote;
      readonly loyal: Vote;
    }
  /** It wrote to this recipient, but not this value. A general that is late or lost leaves out whole messages. */
  | { readonly kind: 'left_out'; readonly path: Path; readonly loyal: Vote }
  /** A value by a path that it owes nobody here. */
  | { readonly kind: 'not_owed'; readonly path: Path; readonly said: Vote }
);

/** All deviations, in the order of the record; none of a loyal general. O(n times what the engine costs). */
export function auditRecord(record: SpaceRecord): readonly Deviation[] {
  const sentBy = new Map<GeneralId, ReadonlyMap<string, Message>>();
  const audited = new Set<string>();
  return record.entries.flatMap((entry): Deviation[] => {
    if (entry.kind !== 'message') return [];
    const { message } = entry;
    if (!record.setting.generals.includes(message.from) || audited.has(slotKey(message))) return [];
    audited.add(slotKey(message));
    const sent = sentBy.get(message.from) ?? replayLoyal(record, message.from).sent;
    sentBy.set(message.from, sent);
    return compare(message, sent.get(slotKey(message))?.entries ?? []);
  });
}

/** Entries are compared by path and vote; of two votes by one path, as chains of signatures allow, each by itself. */
function compare({ phase, from, to, entries }: Message, loyalEntries: readonly Entry[]): Deviation[] {
  const slot: Slot = { phase, from, to };
  const [loyal, said] = [keysOf(loyalEntries), keysOf(entries)];
  const loyalVotes = new Map(loyalEntries.map(({ path, vote }) => [pathKey(path), vote]));
  const wrong = entries.flatMap(({ path, vote }): Deviation[] => {
    if (loyal.has(entryKey({ path, vote }))) return [];
    const expected = loyalVotes.get(pathKey(path));
    if (expected === undefined) return [{ kind: 'not_owed', slot, path, said: vote }];
    return [{ kind: 'false_value', slot, path, said: vote, loyal: expected }];
  });
  const replaced = new Set(entries.map(({ path }) => pathKey(path)));
  const missing = loyalEntries
    .filter((entry) => !said.has(entryKey(entry)) && !replaced.has(pathKey(entry.path)))
    .map(({ path, vote }): Deviation => ({ kind: 'left_out', slot, path, loyal: vote }));
  return [...wrong, ...missing];
}

function keysOf(entries: readonly Entry[]): ReadonlySet<string> {
  return new Set(entries.map(entryKey));
}

function entryKey({ path, vote }: Entry): string {
  return JSON.stringify([path, vote]);
}

/** A key for maps only; nothing is read from it. */
function pathKey(path: Path): string {
  return JSON.stringify(path);
}

/**
 * Drafts: what a write would put into the bag, worked out before anything is changed, so that a write is all
 * or nothing.
 */
import type { CheckedTuple } from '../../checks-tuple.js';
import type { StoredTuple, Tuple } from '../../tuple.js';
import { equalTuples } from '../../tuple.js';
import { Entry } from './entry.js';
import type { Slot, Slots } from './slots.js';

/** What the space puts on every tuple of one write. */
export type Stamp = Omit<StoredTuple, 'id' | 'values' | 'deliveryCount'>;

export type Draft =
  /** `ids` in the order of the request; the id of a tuple that repeats the one in its slot is that one's. */
  | { readonly kind: 'new'; readonly ids: readonly bigint[]; readonly entries: readonly Entry[] }
  /** A slot has another tuple: `standingId`, 0 when it is one of the same write. */
  | {
      readonly kind: 'conflict';
      readonly rule: string;
      readonly tuple: CheckedTuple;
      readonly standingId: bigint;
    };

export interface DraftOptions {
  readonly slots: Slots;
  /** Entries that leave the bag in the same step, and their slots with them. */
  readonly leaving: readonly Entry[];
  /** The first new entry gets the id after this one. */
  readonly lastId: number;
  readonly stamp: Stamp;
}

/** Drafts a write of these tuples. */
export function draft(tuples: readonly CheckedTuple[], options: DraftOptions): Draft {
  const entries: Entry[] = [];
  const ids: bigint[] = [];
  /** Slots that earlier tuples of this write fill. */
  const filled = new Map<string, Entry>();
  const leaving = new Set(options.leaving);
  const standing = ({ key }: Slot): Entry | undefined => {
    const entry = filled.get(key) ?? options.slots.standing(key);
    return entry !== undefined && leaving.has(entry) ? undefined : entry;
  };
  for (const tuple of tuples) {
    const slots = options.slots.of(tuple.values, options.stamp.writer);
    const conflict = slots.find((slot) => isOther(standing(slot), tuple.values));
    if (conflict !== undefined) {
      const standingId = filled.has(conflict.key) ? 0n : (standing(conflict)?.tuple.id ?? 0n);
      return { kind: 'conflict', rule: conflict.rule, tuple, standingId };
    }
    const same = slots.length === 0 ? undefined : slots.map(standing).find((entry) => entry !== undefined);
    if (same !== undefined) {
      ids.push(same.tuple.id);
      continue;
    }
    const entry = newEntry(tuple, BigInt(options.lastId + entries.length + 1), slots, options.stamp);
    for (const { key } of slots) filled.set(key, entry);
    entries.push(entry);
    ids.push(entry.tuple.id);
  }
  return { kind: 'new', ids, entries };
}

function isOther(standing: Entry | undefined, values: Tuple): boolean {
  return standing !== undefined && !equalTuples(standing.tuple.values, values);
}

const noSlots: readonly string[] = [];

function newEntry(tuple: CheckedTuple, id: bigint, slots: readonly Slot[], stamp: Stamp): Entry {
  const { writer, writerEpoch, revision, writtenAtMs, expiresAtMs } = stamp;
  // By name, since a spread takes half as long again.
  const stored: StoredTuple = Object.freeze({
    id,
    values: tuple.values,
    writer,
    writerEpoch,
    revision,
    writtenAtMs,
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    deliveryCount: 0,
  });
  return new Entry(stored, tuple, slots.length === 0 ? noSlots : slots.map(({ key }) => key));
}

/**
 * Drafts: what a write would put into the bag, worked out before anything is changed, so that a write is all
 * or nothing.
 */
import type { CheckedTuple } from '../../checks-tuple.js';
import type { Tuple } from '../../tuple.js';
import { equalTuples } from '../../tuple.js';
import { Entry, type Stamp } from './entry.js';
import type { Slot, Slots } from './slots.js';

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
  return options.slots.areNone ? draftFree(tuples, options) : draftSlots(tuples, options);
}

/** Where nothing is unique nothing is in the way. */
function draftFree(tuples: readonly CheckedTuple[], { lastId, stamp }: DraftOptions): Draft {
  const entries = tuples.map((tuple, i) => new Entry(lastId + 1 + i, tuple, { stamp }));
  return { kind: 'new', ids: entries.map(({ order }) => BigInt(order)), entries };
}

function draftSlots(tuples: readonly CheckedTuple[], options: DraftOptions): Draft {
  const { lastId, stamp } = options;
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
    const slots = options.slots.of(tuple.values, stamp.writer);
    const conflict = slots.find((slot) => isOther(standing(slot), tuple.values));
    if (conflict !== undefined) {
      const standingId = filled.has(conflict.key) ? 0n : BigInt(standing(conflict)?.order ?? 0);
      return { kind: 'conflict', rule: conflict.rule, tuple, standingId };
    }
    const same = slots.length === 0 ? undefined : slots.map(standing).find((entry) => entry !== undefined);
    if (same !== undefined) {
      ids.push(BigInt(same.order));
      continue;
    }
    const order = lastId + entries.length + 1;
    const entry = new Entry(order, tuple, { stamp, slots: slots.map(({ key }) => key) });
    for (const { key } of slots) filled.set(key, entry);
    entries.push(entry);
    ids.push(BigInt(order));
  }
  return { kind: 'new', ids, entries };
}

function isOther(standing: Entry | undefined, values: Tuple): boolean {
  return standing !== undefined && !equalTuples(standing.values, values);
}

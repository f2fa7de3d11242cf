/**
 * A standing tuple as the memory store keeps it: what was written, and what it is bound to.
 */
import type { CheckedTuple } from '../../checks-tuple.js';
import { copyValues } from '../../checks-tuple.js';
import type { StoredTuple, Tuple } from '../../tuple.js';
import type { Hold } from './holds.js';
import type { Term } from './terms.js';
import type { TupleIndex } from './tuple-index.js';

/** What the space puts on every tuple of one write. All of them share it. */
export type Stamp = Omit<StoredTuple, 'id' | 'values' | 'deliveryCount'>;

/** A tuple as it was at some moment, with what is needed to show and to bound it. */
export interface Kept {
  readonly tuple: StoredTuple;
  readonly hasBytes: boolean;
  readonly bytes: number;
}

const noSlots: readonly string[] = [];

export class Entry implements Kept {
  /** The tuple's id as a number; its age among all others. */
  readonly order: number;
  readonly values: Tuple;
  readonly bytes: number;
  readonly hasBytes: boolean;
  readonly stamp: Stamp;
  /** The unique slots that it fills. */
  readonly slots: readonly string[];
  /** How often a hold gave it back. */
  deliveryCount = 0;
  /** The index that lists it now: of the free or of the held tuples; undefined before and after its life. */
  home: TupleIndex | undefined = undefined;
  /** What ends its life, if anything does. */
  term: Term | undefined = undefined;
  hold: Hold | undefined = undefined;
  /** The waiter that an attempt under way may bring it to; other waiters do not try. */
  claim: object | undefined = undefined;

  constructor(
    order: number,
    { values, bytes, hasBytes }: CheckedTuple,
    { stamp, slots = noSlots }: { readonly stamp: Stamp; readonly slots?: readonly string[] },
  ) {
    this.order = order;
    this.values = values;
    this.bytes = bytes;
    this.hasBytes = hasBytes;
    this.stamp = stamp;
    this.slots = slots;
  }

  /** The tuple that clients see, made anew: most entries come and go, and few are looked at twice. */
  get tuple(): StoredTuple {
    return tupleOf(this, this.deliveryCount);
  }
}

/** The tuple of an entry as it was when a hold had given it back so often. Frozen. */
export function tupleOf({ order, values, stamp }: Entry, deliveryCount: number): StoredTuple {
  const { writer, writerEpoch, revision, writtenAtMs, expiresAtMs } = stamp;
  // By name, since a spread takes half as long again.
  return Object.freeze({
    id: BigInt(order),
    values,
    writer,
    writerEpoch,
    revision,
    writtenAtMs,
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    deliveryCount,
  });
}

/** The tuple as a client may have it: nothing the client does to it reaches the space. */
export function visible({ tuple, hasBytes }: Kept): StoredTuple {
  return hasBytes ? Object.freeze({ ...tuple, values: copyValues(tuple.values) }) : tuple;
}

/** Canonical bytes of several tuples. */
export function bytesOf(tuples: readonly Pick<Kept, 'bytes'>[]): number {
  return tuples.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Makes the entries of tuples that stood elsewhere; those of one write, which come one after the other, share its stamp again. */
export class EntryRestorer {
  #stamp: Stamp | undefined;

  restore({ tuple, bytes, hasBytes }: Kept, slots?: readonly string[]): Entry {
    const { id, values, deliveryCount, ...stamp } = tuple;
    if (this.#stamp?.revision !== stamp.revision) this.#stamp = Object.freeze(stamp);
    const entry = new Entry(
      Number(id),
      { values, bytes, hasBytes },
      { stamp: this.#stamp, ...(slots && { slots }) },
    );
    entry.deliveryCount = deliveryCount;
    return entry;
  }
}

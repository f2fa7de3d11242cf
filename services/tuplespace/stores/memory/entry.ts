/**
 * A standing tuple as the memory store keeps it: the tuple that clients see, and what it is bound to.
 */
import type { CheckedTuple } from '../../checks-tuple.js';
import { copyValues } from '../../checks-tuple.js';
import type { StoredTuple, Tuple } from '../../tuple.js';
import type { Hold } from './holds.js';
import type { Term } from './terms.js';
import type { TupleIndex } from './tuple-index.js';

/** A tuple as it was at some moment, with what is needed to show and to bound it. */
export interface Kept {
  readonly tuple: StoredTuple;
  readonly hasBytes: boolean;
  readonly bytes: number;
}

export class Entry implements Kept {
  /** The tuple's id as a number; its age among all others. */
  readonly order: number;
  readonly bytes: number;
  readonly hasBytes: boolean;
  /** The unique slots that it fills. */
  readonly slots: readonly string[];
  /** Those of the tuple, at hand: most looks at an entry want nothing else. */
  readonly values: Tuple;
  /** Replaced by a copy when a hold gives it back. */
  tuple: StoredTuple;
  /** The index that lists it now: of the free or of the held tuples; undefined before and after its life. */
  home: TupleIndex | undefined = undefined;
  /** What ends its life, if anything does. */
  term: Term | undefined = undefined;
  hold: Hold | undefined = undefined;
  /** The waiter that an attempt under way may bring it to; other waiters do not try. */
  claim: object | undefined = undefined;

  constructor(
    tuple: StoredTuple,
    { bytes, hasBytes }: Pick<CheckedTuple, 'bytes' | 'hasBytes'>,
    slots: readonly string[],
  ) {
    this.order = Number(tuple.id);
    this.bytes = bytes;
    this.hasBytes = hasBytes;
    this.slots = slots;
    this.values = tuple.values;
    this.tuple = tuple;
  }
}

/** The tuple as a client may have it: nothing the client does to it reaches the space. */
export function visible({ tuple, hasBytes }: Kept): StoredTuple {
  return hasBytes ? Object.freeze({ ...tuple, values: copyValues(tuple.values) }) : tuple;
}

/** Canonical bytes of several tuples. */
export function bytesOf(tuples: readonly Kept[]): number {
  return tuples.reduce((sum, { bytes }) => sum + bytes, 0);
}

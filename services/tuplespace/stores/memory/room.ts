/**
 * Whether a space has room for a write, and its writer too.
 */
import type { Caller } from '../../caller.js';
import { overLimit } from '../../limits.js';
import type { Bag } from './bag.js';
import { bytesOf, type Entry } from './entry.js';
import type { Quotas } from './quotas.js';

export interface Change {
  readonly leaving: readonly Entry[];
  /** All are the caller's. */
  readonly entering: readonly Entry[];
  readonly caller: Caller;
}

/** Errors: resource_exhausted when the space, or its part of the caller, would hold more tuples or bytes than the limits allow. */
export function checkRoom(bag: Bag, { leaving, entering, caller }: Change, quotas: Quotas): void {
  const { tuplesMax, bytesMax } = quotas.limits;
  const count = bag.size - leaving.length + entering.length;
  if (count > tuplesMax) throw overLimit('tuplesMax', tuplesMax, `${count} tuples would stand`);
  const bytes = bag.bytes - bytesOf(leaving) + bytesOf(entering);
  if (bytes > bytesMax) throw overLimit('bytesMax', bytesMax, `${bytes} bytes would stand`);
  const standing = bag.usageOf(caller.id);
  const own = leaving.filter(({ stamp }) => stamp.writer === caller.id);
  quotas.checkUsage(caller, {
    tupleCount: standing.tupleCount - own.length + entering.length,
    bytes: standing.bytes - bytesOf(own) + bytesOf(entering),
  });
}

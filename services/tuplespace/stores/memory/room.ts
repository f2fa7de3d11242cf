/**
 * Whether a space has room for a write.
 */
import { overLimit, type SpaceLimits } from '../../limits.js';
import type { Bag } from './bag.js';
import { bytesOf, type Entry } from './entry.js';

/** Errors: resource_exhausted when the space would hold more tuples or bytes than its limits allow. */
export function checkRoom(
  bag: Bag,
  { leaving, entering }: { readonly leaving: readonly Entry[]; readonly entering: readonly Entry[] },
  { tuplesMax, bytesMax }: SpaceLimits,
): void {
  const count = bag.size - leaving.length + entering.length;
  if (count > tuplesMax) throw overLimit('tuplesMax', tuplesMax, `${count} tuples would stand`);
  const bytes = bag.bytes - bytesOf(leaving) + bytesOf(entering);
  if (bytes > bytesMax) throw overLimit('bytesMax', bytesMax, `${bytes} bytes would stand`);
}

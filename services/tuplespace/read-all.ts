/**
 * All tuples that match, page by page.
 */
import type { CallOptions, ReadRequest, TupleSpace } from './space.js';
import type { StoredTuple } from './tuple.js';

/** Oldest first. Tuples written meanwhile may be among them; `limit` is the size of a page. Errors: those of `read`. */
export async function* readAll(
  space: TupleSpace,
  request: ReadRequest,
  options: CallOptions = {},
): AsyncGenerator<StoredTuple> {
  let { afterId = 0n } = request;
  for (;;) {
    const page = await space.read({ ...request, afterId }, options);
    yield* page.tuples;
    if (page.nextAfterId === undefined) return;
    afterId = page.nextAfterId;
  }
}

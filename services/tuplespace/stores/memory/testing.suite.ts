/**
 * Builders for tests of the memory store's parts.
 */
import type { Tuple } from '../../tuple.js';
import { Entry } from './entry.js';

/** An entry with an id, as if a client had written it. */
export function entryOf(id: number, values: Tuple = ['job', BigInt(id)]): Entry {
  const stamp = { writer: 'client', writerEpoch: 0, revision: BigInt(id), writtenAtMs: 0 };
  return new Entry(id, { values, bytes: 10, hasBytes: false }, { stamp });
}

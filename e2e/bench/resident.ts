/**
 * What stands in a space while it is measured.
 */
import type { PutSpaceRequest, TupleSpace } from '../../services/tuplespace/index.js';
import { job, vote, wordTemplate } from './space-calls.js';

const batch = 1_000;
/** Tuples from one word of progress to the next. */
const progressCount = 250_000;

/** Makes and fills a space; default: `bench-<count>`. */
export async function fillResident(
  to: TupleSpace,
  count: number,
  { space, settings }: PutSpaceRequest = { space: `bench-${count}`, settings: {} },
): Promise<void> {
  await to.putSpace({ space, settings });
  for (let i = 0; i < count; i += batch) {
    await to.write({
      space,
      tuples: Array.from({ length: Math.min(batch, count - i) }, (_, k) => vote(i + k)),
    });
    if (i > 0 && i % progressCount === 0) console.error(`${i.toLocaleString('en-US')} tuples are in`);
  }
  console.error(`${count.toLocaleString('en-US')} tuples are in`);
}

export async function writeJobs(to: TupleSpace, space: string, count: number): Promise<void> {
  for (let i = 0; i < count; i += batch) {
    await to.write({
      space,
      tuples: Array.from({ length: Math.min(batch, count - i) }, (_, k) => job(i + k)),
    });
  }
}

/** Takes away what the measured writes have written. */
export async function removeWords(from: TupleSpace, space: string): Promise<void> {
  for (;;) {
    const { tuples } = await from.take({ space, templates: [wordTemplate], max: batch });
    if (tuples.length < batch) return;
  }
}

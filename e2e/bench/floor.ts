/**
 * The floor of a round: the same tuples, written by one client in batches and read back by it. No agreement can be faster over the
 * same space, so a round is measured against it in the same run.
 */
import type { StoredTuple, Tuple, TupleSpace } from '../../services/tuplespace/index.js';
import { any, readAll, template } from '../../services/tuplespace/index.js';
import { timed } from './statistics.js';

/** Tuples in one Write and in one page. */
const batchMax = 100;

const voteTemplates = [template('proposal', any, any, any, any), template('vote', any, any, any, any, any)];

/** All vote tuples of a round's space. */
export async function votesOf(space: TupleSpace, name: string): Promise<readonly Tuple[]> {
  return (await readVotes(space, name)).map(({ values }) => values);
}

/** Writes the tuples into a fresh space and reads them back; gives the ms that took. */
export async function floorMs(space: TupleSpace, name: string, tuples: readonly Tuple[]): Promise<number> {
  await space.putSpace({ space: name, settings: {} });
  const ms = await timed(async () => {
    for (let i = 0; i < tuples.length; i += batchMax) {
      await space.write({ space: name, tuples: tuples.slice(i, i + batchMax) });
    }
    const { length } = await readVotes(space, name);
    if (length !== tuples.length) throw new Error(`wrote ${tuples.length} tuples, read ${length}`);
  });
  await space.dropSpace({ space: name });
  return ms;
}

/** Median of the ms that an empty read takes: one round trip. */
export async function roundTripMs(space: TupleSpace, samples: number): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let i = 0; i < samples; i += 1) {
    taken.push(
      await timed(() =>
        space.read({ space: 'default', templates: [template('none', any)], countOnly: true }),
      ),
    );
  }
  return taken;
}

async function readVotes(space: TupleSpace, name: string): Promise<readonly StoredTuple[]> {
  const tuples: StoredTuple[] = [];
  const request = { space: name, templates: voteTemplates, limit: batchMax };
  for await (const tuple of readAll(space, request)) tuples.push(tuple);
  return tuples;
}

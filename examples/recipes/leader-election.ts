/**
 * A leader: of all candidates one leads at a time. The leader's tuple stands under a lease that the leader renews; when it stops, or its
 * connection breaks, the tuple goes, and those who watch it try again. The revision of the tuple is the term: it rises from leader to
 * leader, so that what an old one still does can be told from what the new one does.
 *
 *   node dist/examples/recipes/leader-election.js 127.0.0.1:7000 anna
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  any,
  follow,
  ServiceError,
  systemClock,
  TupleSpaceClient,
  template,
} from 'byzantine-generals/tuplespace';

const [service = '127.0.0.1:7000', candidate = 'anna'] = process.argv.slice(2);

const client = new TupleSpaceClient({ service });
const space = 'recipes/leader-election';
const leader = template('leader', any);
const ttlMs = 3_000;
const over = new AbortController();
process.once('SIGTERM', () => over.abort());
await client.putSpace({ space, settings: {} });

while (!over.signal.aborted) {
  const { leaseId } = await client.lease({ space, ttlMs, graceMs: 300 });
  const answer = await client.write({ space, tuples: [['leader', candidate]], unless: leader, leaseId });
  if (answer.kind === 'written') await lead(leaseId, answer.revision);
  else await succession(String(answer.by.values[1]), answer.revision);
  await client.lease({ space, leaseId, ttlMs: 0 }).catch(isOver);
}
await client.close();

/** Leads until the lease is lost, or the program is asked to stop. */
async function lead(leaseId: string, term: bigint): Promise<void> {
  console.log(`${candidate} leads in term ${term}`);
  while (!over.signal.aborted) {
    await pause(ttlMs / 3, undefined, { signal: over.signal }).catch(() => {});
    const isLeading = await client.lease({ space, leaseId, ttlMs, graceMs: 300 }).then(() => true, isOver);
    if (!isLeading) return;
  }
}

/** Returns once the leader that stood at this revision no longer does. */
async function succession(name: string, revision: bigint): Promise<void> {
  console.log(`${candidate} follows ${name}`);
  const request = { space, templates: [leader], from: { revision } };
  for await (const frame of follow(client, request, { clock: systemClock, signal: over.signal })) {
    if (frame.kind === 'events' && frame.events.some(({ kind }) => kind === 'expired' || kind === 'taken'))
      return;
    // The history did not reach back, and nobody leads now.
    if (frame.kind === 'snapshot' && frame.isLast && frame.tuples.length === 0) return;
  }
}

/** A lease that is over is an answer here, not a failure. */
function isOver(error: unknown): false {
  if (error instanceof ServiceError && ['failed_precondition', 'not_found'].includes(error.code))
    return false;
  throw error;
}

/**
 * A work queue: every job is done by one worker. A worker holds a job while it is at it; if the worker dies, the hold gives the job
 * back, with its delivery count raised, and a job that came back too often is put aside. The result is written in the step that ends
 * the hold, so a job has one result, or is still in the queue.
 *
 *   node dist/examples/recipes/work-queue.js 127.0.0.1:7000 produce 10
 *   node dist/examples/recipes/work-queue.js 127.0.0.1:7000 work
 *   node dist/examples/recipes/work-queue.js 127.0.0.1:7000 work crash     dies at its fourth job; another worker gets it
 */
import {
  any,
  anyOf,
  ServiceError,
  type StoredTuple,
  TupleSpaceClient,
  template,
} from 'byzantine-generals/tuplespace';

const [service = '127.0.0.1:7000', role = 'work', detail = ''] = process.argv.slice(2);

/** How long a worker may be silent before its job goes to another. */
const holdMs = 1_000;
const deliveriesMax = 3;

const client = new TupleSpaceClient({ service });
const queue = 'recipes/work-queue';
await client.putSpace({ space: queue, settings: {} });
if (role === 'produce') await produce(Number(detail || '10'));
else await work();
await client.close();

/** Writes jobs; the whole batch is in the queue, or none of it. */
async function produce(count: number): Promise<void> {
  const tuples = Array.from({ length: count }, (_, i) => ['job', BigInt(i), `paint wall ${i}`] as const);
  await client.write({ space: queue, tuples });
  console.log(`wrote ${count} jobs`);
}

/** Does jobs, the oldest first, until none came for two seconds. */
async function work(): Promise<void> {
  const templates = [template('job', anyOf('int64'), anyOf('string'))];
  for (;;) {
    const { tuples, holdToken } = await client.take({ space: queue, templates, holdMs, waitMs: 2_000 });
    const [job] = tuples;
    if (job === undefined || holdToken === undefined) break;
    await finish(job, holdToken);
  }
  const { count } = await client.read({
    space: queue,
    templates: [template('done', any, any)],
    countOnly: true,
  });
  console.log(`no more jobs; ${count} are done`);
}

async function finish(
  { values: [, number, text], deliveryCount }: StoredTuple,
  holdToken: string,
): Promise<void> {
  if (number === undefined || text === undefined) return;
  const outcome = deliveryCount < deliveriesMax ? 'done' : 'failed';
  if (outcome === 'done') await paint(String(text), holdToken);
  try {
    const action = { kind: 'commit', tuples: [[outcome, number, text]] } as const;
    await client.settle({ space: queue, holdToken, action });
    console.log(`${outcome}: ${String(text)}`);
  } catch (error) {
    // The hold was over: the job is somebody else's by now, and so is its result.
    if (!(error instanceof ServiceError && error.code === 'failed_precondition')) throw error;
    console.log(`too late: ${String(text)}`);
  }
}

/** The work itself. What takes longer than the hold extends it on the way. */
async function paint(text: string, holdToken: string): Promise<void> {
  if (detail === 'crash' && text.endsWith('wall 3')) process.kill(process.pid, 'SIGKILL');
  await client.settle({ space: queue, holdToken, action: { kind: 'extend', holdMs } });
}

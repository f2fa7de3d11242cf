/**
 * A run: workers at once until each has made its calls and `isOver` says so, then the quiet, then the drain. One more client watches a
 * family from beginning to end.
 */
import { systemClock } from '../../../services/runtime/index.js';
import {
  any,
  follow,
  type HistoryRecorder,
  type TupleSpace,
  template,
} from '../../../services/tuplespace/index.js';
import { pauseFor } from '../pause.js';
import { drain } from './drain.js';
import { drawFamily, longestMs } from './families.js';
import { Keys } from './keys.js';
import { Worker } from './worker.js';

export interface RunOptions {
  readonly seed: number;
  readonly clientCount: number;
  /** Calls that each client makes at least. */
  readonly callsMin: number;
  readonly history: HistoryRecorder;
  /** The space as a client of that name has it. */
  readonly connect: (name: string) => TupleSpace;
  readonly space: string;
  /** Work goes on until this says so, even when all calls are made. */
  readonly isOver?: () => boolean;
  /** Called when all workers have ended, before the quiet. */
  readonly heal?: () => Promise<void>;
}

export async function runWorkload(options: RunOptions): Promise<void> {
  const { clientCount, history, connect, space, heal } = options;
  const watching = new AbortController();
  const watched = watchQueue(options, watching.signal);
  const keys = new Keys();
  const workers = Array.from({ length: clientCount }, (_, i) => {
    const name = `c${i}`;
    return new Worker({ name, seed: options.seed, client: history.client(name, connect(name)), keys, space });
  });
  try {
    await Promise.all(workers.map((worker) => work(worker, options)));
    await heal?.();
    await pauseFor(longestMs + 1_000);
    history.mark('drain');
    await drain(history.client('drain', connect('drain')), space);
    await pauseFor(200);
  } finally {
    watching.abort();
    await watched;
  }
}

async function work(worker: Worker, { callsMin, isOver = () => true }: RunOptions): Promise<void> {
  while (worker.callCount < callsMin || !isOver()) await drawFamily(worker).turn(worker);
}

/** From the revision after a first write on; resumes by itself. A space that lost its memory ends it. */
async function watchQueue({ history, connect, space }: RunOptions, signal: AbortSignal): Promise<void> {
  const at = connect('watcher');
  const client = history.client('watcher', at);
  const templates = [template('queue', any, any)];
  const first = await client.write({ space, tuples: [['queue', 'first', 'watcher-0']] });
  const from = { revision: first.revision };
  const frames = follow(at, { space, templates, from }, { clock: systemClock, signal });
  await client.watch({ request: { space, templates }, fromRevision: first.revision, frames }).catch(() => {});
}

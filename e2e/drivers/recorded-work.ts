/**
 * A quiet workload beside the rounds, whose history is judged as `byz check` does it: clients that write, take and count jobs, a few times
 * a second each.
 */
import { ServiceError, systemClock } from '../../services/runtime/index.js';
import type { HistoryReport, RecordedClient } from '../../services/tuplespace/index.js';
import {
  any,
  checkHistory,
  defaultTolerances,
  HistoryRecorder,
  historySchema,
  readHistory,
  TupleSpaceClient,
  template,
} from '../../services/tuplespace/index.js';
import type { StoreName } from './stores.js';

const space = 'default';
const jobs = template('job', any);
const clientCount = 2;
const paceMs = 100;
/** A call that has no answer after that may have happened or not. */
const answerMs = 4_000;

export class RecordedWork {
  readonly #lines: string[] = [];
  readonly #stop = new AbortController();
  readonly #clients: TupleSpaceClient[] = [];
  readonly #ended: Promise<unknown>;

  /** Begins at once; `service` is what clients connect to. */
  constructor(service: string, backend: StoreName) {
    const header = {
      schema: historySchema,
      backend,
      durability: 'power-loss',
      replicaCount: service.split(',').length,
      tolerances: defaultTolerances,
      labels: {},
    } as const;
    const sink = (line: string): void => void this.#lines.push(line);
    const history = new HistoryRecorder(header, { sink, clock: systemClock });
    this.#ended = Promise.all(
      Array.from({ length: clientCount }, (_, i) => {
        const client = new TupleSpaceClient({ service, answerMs });
        this.#clients.push(client);
        return this.#work(`c${i}`, history.client(`c${i}`, client));
      }),
    );
  }

  /** Ends it and judges what its clients were told. */
  async judge(): Promise<HistoryReport> {
    this.#stop.abort();
    await this.#ended;
    await Promise.all(this.#clients.map((client) => client.close()));
    return checkHistory(await readHistory(this.#lines));
  }

  async #work(name: string, client: RecordedClient): Promise<void> {
    for (let i = 0; !this.#stop.signal.aborted; i += 1) {
      await attempt(() => client.write({ space, tuples: [['job', `${name}-${i}`]] }));
      await attempt(() => client.read({ space, templates: [jobs], countOnly: true }));
      await attempt(() => client.take({ space, templates: [jobs] }));
      await new Promise((resolve) => setTimeout(resolve, paceMs));
    }
  }
}

/** A service that is away is part of the history. */
async function attempt(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof ServiceError) || !error.isIndefinite) throw error;
  }
}

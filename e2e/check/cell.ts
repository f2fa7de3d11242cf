/**
 * One cell of the matrix: a cluster, a workload and a fault that strikes again and again; then the history is judged.
 */

import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { systemClock } from '../../services/runtime/index.js';
import {
  checkHistory,
  defaultTolerances,
  type HistoryHeader,
  HistoryRecorder,
  type HistoryReport,
  historySchema,
  readHistory,
  TupleSpaceClient,
} from '../../services/tuplespace/index.js';
import { MachineClock } from '../drivers/machine-clock.js';
import { type Backend, Cluster } from './cluster.js';
import { type Fault, noFault } from './faults.js';
import { pauseFor } from './pause.js';
import { runWorkload } from './workload/run.js';

export interface CellOptions {
  readonly backend: Backend;
  readonly fault: Fault | undefined;
  readonly seed: number;
  readonly clientCount: number;
  readonly callsMin: number;
  /** How often the fault strikes at least. */
  readonly strikesMin: number;
  /** And at most. */
  readonly strikesMax: number;
  /** Where the history is written. */
  readonly file: string;
}

export interface CellResult {
  readonly name: string;
  readonly file: string;
  readonly report: HistoryReport;
  readonly strikeCount: number;
  readonly tookMs: number;
}

/** Between two strikes, in ms. */
const calmMs = 1_500;
/** A call that has no answer after that is unknown: less than the longest fault. */
const answerMs = 4_000;

export function cellName({ backend, fault }: Pick<CellOptions, 'backend' | 'fault'>): string {
  return `${backend} · ${fault?.name ?? noFault}`;
}

export async function runCell(options: CellOptions): Promise<CellResult> {
  const { backend, file } = options;
  const startMs = systemClock.monotonicMs();
  const clock = options.fault?.clockStepMs === undefined ? undefined : await MachineClock.open();
  const cluster = await Cluster.start(backend, 2, clock);
  const clients: TupleSpaceClient[] = [];
  try {
    const connect = () => {
      const client = new TupleSpaceClient({ service: cluster.addresses, answerMs });
      clients.push(client);
      return client;
    };
    const output = createWriteStream(file);
    const history = new HistoryRecorder(headerOf(options, cluster), {
      sink: (line) => void output.write(`${line}\n`),
      clock: systemClock,
    });
    const strikeCount = await withStrikes(options, { cluster, history, connect });
    output.end();
    await once(output, 'finish');
    const report = checkHistory(
      await readHistory(
        createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY }),
      ),
    );
    return {
      name: cellName(options),
      file,
      report,
      strikeCount,
      tookMs: systemClock.monotonicMs() - startMs,
    };
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await cluster.stop();
  }
}

interface Scene {
  readonly cluster: Cluster;
  readonly history: HistoryRecorder;
  readonly connect: () => TupleSpaceClient;
}

/** Runs the workload while the fault strikes; gives how often it did. */
async function withStrikes(options: CellOptions, { cluster, history, connect }: Scene): Promise<number> {
  const { fault, seed, clientCount, callsMin, strikesMin, strikesMax } = options;
  let strikeCount = 0;
  let isHealed = false;
  const striking = (async () => {
    while (fault !== undefined && !isHealed && strikeCount < strikesMax) {
      await pauseFor(calmMs);
      if (isHealed) return;
      history.mark('fault-begins', fault.name);
      try {
        await fault.strike(cluster, { turn: strikeCount, history });
      } finally {
        history.mark('fault-ends', fault.name);
      }
      strikeCount += 1;
    }
  })();
  const failed = { error: undefined as unknown };
  striking.catch((error: unknown) => {
    failed.error = error;
  });
  const isOver = () => fault === undefined || strikeCount >= strikesMin || failed.error !== undefined;
  const heal = async () => {
    isHealed = true;
    await striking;
  };
  await runWorkload({ seed, clientCount, callsMin, history, connect, space: 'default', isOver, heal });
  return strikeCount;
}

function headerOf({ fault, seed, clientCount }: CellOptions, { backend, replicas }: Cluster): HistoryHeader {
  // Memory goes by the monotonic clock, and may be off by nothing.
  const storeStepMs = backend === 'memory' ? 0 : (fault?.clockStepMs ?? 0);
  return {
    schema: historySchema,
    backend,
    durability: backend === 'memory' ? 'process' : 'power-loss',
    replicaCount: replicas.length,
    tolerances: { ...defaultTolerances, stepMs: storeStepMs },
    labels: { fault: fault?.name ?? noFault, clients: String(clientCount), seed: String(seed) },
  };
}

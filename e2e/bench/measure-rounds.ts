/**
 * Measures rounds of one size, one way, in this process; sends what it measured to its parent. Started by rounds.ts.
 */
import { readFile } from 'node:fs/promises';
import { startEmbedded } from '../../services/cli/index.js';
import type { Orchestrator, Round } from '../../services/orchestrator/index.js';
import { OrchestratorClient } from '../../services/orchestrator/index.js';
import { GrpcChannel } from '../../services/runtime/index.js';
import type { TupleSpace } from '../../services/tuplespace/index.js';
import { connectService, Replicas } from '../../services/tuplespace/index.js';
import { startProcesses } from '../drivers/processes.js';
import { startStore } from '../drivers/stores.js';
import { floorMs, roundTripMs, votesOf } from './floor.js';
import type { Way } from './round-ways.js';

export interface Measured {
  readonly messageCount: number;
  readonly wallMs: readonly number[];
  readonly insideMs: readonly number[];
  readonly floorMs: readonly number[];
  readonly tripMs: readonly number[];
  readonly coordinationMs: readonly number[];
  readonly computeMs: readonly number[];
  /** Of the largest process. */
  readonly peakMiB: number;
}

/** A running system, whichever way. */
interface Running {
  readonly orchestrator: Orchestrator;
  readonly space: TupleSpace;
  peakMiB(): Promise<number>;
  stop(): Promise<void>;
}

const nodeCount = 4;
const warmUpRounds = 3;
const messagesMax = 10_000_000;
const tripSamples = 50;

const [way, n, m, rounds] = process.argv.slice(2);
await main(way as Way, { n: Number(n), m: Number(m), rounds: Number(rounds) });

async function main(way: Way, size: { n: number; m: number; rounds: number }): Promise<void> {
  const running = way === 'embedded' ? await runEmbedded() : await runProcesses(way);
  try {
    process.send?.(await measure(running, size));
  } finally {
    await running.stop();
  }
  process.disconnect?.();
}

async function measure(running: Running, size: { n: number; m: number; rounds: number }): Promise<Measured> {
  const samples = { wallMs: [], insideMs: [], floorMs: [], coordinationMs: [], computeMs: [] } as {
    [key in 'wallMs' | 'insideMs' | 'floorMs' | 'coordinationMs' | 'computeMs']: number[];
  };
  let messageCount = 0;
  for (let i = 0; i < warmUpRounds + size.rounds; i += 1) {
    const startedMs = performance.now();
    const round = await runRound(running.orchestrator, size);
    const wallMs = performance.now() - startedMs;
    const tuples = await votesOf(running.space, round.space);
    const floor = await floorMs(running.space, `floor-${i}`, tuples);
    await running.space.dropSpace({ space: round.space });
    if (i < warmUpRounds) continue;
    messageCount = round.messageCount;
    samples.wallMs.push(wallMs);
    samples.floorMs.push(floor);
    samples.insideMs.push(round.metrics?.wallMs ?? Number.NaN);
    samples.coordinationMs.push(round.metrics?.coordinationMs ?? Number.NaN);
    samples.computeMs.push(round.metrics?.computeMs ?? Number.NaN);
  }
  const tripMs = await roundTripMs(running.space, tripSamples);
  return { ...samples, messageCount, tripMs, peakMiB: await running.peakMiB() };
}

async function runRound(orchestrator: Orchestrator, { n, m }: { n: number; m: number }): Promise<Round> {
  const { number } = await orchestrator.startRound({
    generalCount: n,
    faultCount: m,
    traitorCount: 0,
    messagesMax,
    // Nobody is silent, so no phase ever waits for this.
    phaseMs: 60_000,
  });
  for await (const event of orchestrator.watchRound({ number })) {
    if (event.kind !== 'ended') continue;
    if (event.round.verdict?.agreement.status !== 'holds') throw new Error(`round ${number} did not hold`);
    return event.round;
  }
  throw new Error(`round ${number} did not end`);
}

async function runEmbedded(): Promise<Running> {
  const embedded = await startEmbedded({ nodeCount });
  return {
    orchestrator: embedded.orchestrator,
    space: embedded.space,
    peakMiB: async () => process.resourceUsage().maxRSS / 1024,
    stop: () => embedded.stop(),
  };
}

async function runProcesses(backend: Exclude<Way, 'embedded'>): Promise<Running> {
  const store = backend === 'memory' ? undefined : await startStore(backend);
  const deployment = await startProcesses({ nodeCount, ...(store !== undefined && { env: store.env }) });
  const channel = new GrpcChannel(deployment.orchestrator);
  const replicas = new Replicas(deployment.tuplespace);
  const connect = connectService(replicas);
  const door = connect('');
  const { token } = await door.space.enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
  await door.close();
  const connection = connect(token);
  const { tuplespaces, orchestrator, nodes } = deployment.services;
  return {
    orchestrator: new OrchestratorClient(channel),
    space: connection.space,
    peakMiB: async () =>
      Math.max(
        ...(await Promise.all([...tuplespaces, orchestrator, ...nodes].map(({ pid }) => peakOf(pid)))),
      ),
    async stop() {
      channel.close();
      await connection.close();
      replicas.close();
      await deployment.stop();
      await store?.stop();
    },
  };
}

/** Peak resident memory of a process in MiB, as Linux tells it; NaN elsewhere. */
async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

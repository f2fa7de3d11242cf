/**
 * `npm run bench:failover`: how long a general is silent when its node crashes (kill -9) or hangs (SIGSTOP), how long its round then takes to
 * its verdict, and what the node that hung tries to say when it wakes. `-- --trials 30` generals of each kind, `-- --fault crash` of
 * one kind.
 *
 * The commander is a traitor that says nothing, so the lieutenants wait for the first close before they relay what they did not hear. What
 * goes to the victim is slowed, so that it has not heard of the close when the space shows it: there the fault strikes, and three generals
 * have something to say that only their next epoch can say.
 */
import { parseArgs } from 'node:util';
import { messageTemplates, readMessage, roundSpace } from '../../services/general-node/index.js';
import type { RoundRequest } from '../../services/orchestrator/index.js';
import { systemClock } from '../../services/runtime/index.js';
import { follow } from '../../services/tuplespace/index.js';
import { endAll } from '../drivers/processes.js';
import { Stage } from '../drivers/stage.js';
import { median, short, table } from './statistics.js';

type Kind = 'crash' | 'hang';

interface Trial {
  /** Of each general, from the fault to its next message in the space, in ms. */
  readonly silentMs: readonly number[];
  readonly verdictMs: number;
  readonly refusedCount: number;
  readonly lostCount: number;
  readonly isHeld: boolean;
}

const { values: flags } = parseArgs({
  options: { trials: { type: 'string', default: '30' }, fault: { type: 'string' } },
});
const trialCount = Number(flags.trials);
const kinds = (['crash', 'hang'] as const).filter(
  (kind) => flags.fault === undefined || flags.fault === kind,
);

const leaseMs = 3_000;
const phaseMs = 6_000;
/** What the slowed link holds back: longer than it takes to strike, and no danger to the lease. */
const delayMs = 300;
/** Longest silence that is within reach. */
const reachMs = { crash: 2_000, hang: leaseMs + 2_000 };
const victim = 'node4';
const victims = ['general-2', 'general-3', 'general-4'];
const request: RoundRequest = {
  generalCount: 7,
  faultCount: 2,
  traitorCount: 1,
  traitors: [{ general: 'general-0', strategy: 'silent' }],
  phaseMs,
};

const stage = await Stage.start({
  store: 'redis',
  nodeCount: 4,
  replicaCount: 2,
  generalsOf: (i) => (i === 3 ? victims : []),
  env: { BYZANTINE_GENERAL_NODE_LEASE_MS: String(leaseMs) },
});
try {
  const rows = [];
  for (const kind of kinds) rows.push(row(kind, await measure(kind)));
  const headings = [
    'fault',
    'generals',
    'silent p50',
    'max',
    'verdict p50',
    'max',
    'refused',
    'late',
    'lost rounds',
    'reach',
  ];
  console.log(
    `node ${process.version}; lease ${leaseMs} ms, phase ${phaseMs} ms; times from the fault, in ms`,
  );
  console.log(table(headings, rows));
} finally {
  await stage.stop();
  await endAll();
}

async function measure(kind: Kind): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  for (let i = 0; i * victims.length < trialCount; i += 1) {
    trials.push(await strike(kind));
    console.error(`${kind} ${i + 1}: silent for ${trials.at(-1)?.silentMs.map(short).join(', ')} ms`);
  }
  return trials;
}

async function strike(kind: Kind): Promise<Trial> {
  const node = stage.node(victim);
  for (const link of node.links) link.delay(delayMs);
  const { number } = await stage.orchestrator.startRound(request);
  const spoken = nextMessages(number);
  await stage.phaseRuns(number, 1);
  const struckMs = performance.now();
  if (kind === 'crash') void node.end('SIGKILL');
  else node.pause();
  const silentMs = (await spoken).map((atMs) => atMs - struckMs);
  if (kind === 'hang') node.resume();
  const { lost, isHeld, endedMs } = await verdict(number);
  for (const link of node.links) link.heal();
  if (kind === 'crash') await node.restart();
  await stage.allEnrolled();
  const refusals = await stage.refusals(number);
  const refusedCount = refusals.filter(({ rule }) => rule === 'epoch').length;
  return { silentMs, verdictMs: endedMs - struckMs, refusedCount, lostCount: lost.length, isHeld };
}

/** When each of the victims has spoken in phase 1, from a later epoch. Errors: one has spoken before the fault. */
async function nextMessages(number: number): Promise<readonly number[]> {
  const spokenMs = new Map<string, number>();
  const stop = new AbortController();
  const watch = { space: roundSpace(number), templates: messageTemplates, from: { revision: 0n } };
  for await (const frame of follow(stage.space, watch, { clock: systemClock, signal: stop.signal })) {
    if (frame.kind === 'progress') continue;
    const tuples = frame.kind === 'snapshot' ? frame.tuples : frame.events.map(({ tuple }) => tuple);
    for (const tuple of tuples) {
      const reading = readMessage(tuple);
      if (reading.kind !== 'message' || reading.message.phase !== 1) continue;
      const { from } = reading.message;
      if (!victims.includes(from)) continue;
      if (tuple.writerEpoch < 2) throw new Error(`${from} spoke before the fault struck`);
      if (!spokenMs.has(from)) spokenMs.set(from, performance.now());
    }
    if (spokenMs.size === victims.length) stop.abort();
  }
  return [...spokenMs.values()];
}

async function verdict(number: number) {
  for await (const event of stage.orchestrator.watchRound({ number })) {
    if (event.kind !== 'ended') continue;
    const { agreement, validity, termination, lost = [] } = event.round.verdict ?? {};
    const isHeld = [agreement, validity, termination].every((property) => property?.status === 'holds');
    return { lost, isHeld, endedMs: performance.now() };
  }
  throw new Error(`round ${number} did not end`);
}

function row(kind: Kind, trials: readonly Trial[]): readonly (string | number)[] {
  const silentMs = trials.flatMap((trial) => trial.silentMs);
  const verdictMs = trials.map((trial) => trial.verdictMs);
  const sum = (of: (trial: Trial) => number) => trials.reduce((total, trial) => total + of(trial), 0);
  const lostRounds = trials.filter(({ isHeld }) => !isHeld).length;
  const isReached = Math.max(...silentMs) <= reachMs[kind];
  const refusedCount = sum((trial) => trial.refusedCount);
  // Each node that hung wakes with something to say.
  const isFenced = kind === 'crash' || refusedCount > 0;
  if (lostRounds > 0 || !isReached || !isFenced) process.exitCode = 1;
  return [
    kind,
    silentMs.length,
    short(median(silentMs)),
    short(Math.max(...silentMs)),
    short(median(verdictMs)),
    short(Math.max(...verdictMs)),
    refusedCount,
    sum(({ lostCount }) => lostCount),
    lostRounds,
    `≤ ${short(reachMs[kind])} ${isReached ? 'yes' : 'NO'}`,
  ];
}

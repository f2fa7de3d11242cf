/**
 * `npm run soak`: rounds back to back on four nodes, over Redis and then over Postgres, with a fault every 5 to 8 s. Nothing may be violated,
 * no general may speak with two voices, every round must end, and what is never struck may not grow. `-- --minutes 10` on each store,
 * `-- --store redis` on one, `-- --seed 7` repeats the draws of a run. The last line for each store says PASS, or FAIL and why; the exit
 * code is 0 when all passed.
 */
import { parseArgs } from 'node:util';
import { systemClock } from '../../services/runtime/index.js';
import { table } from '../bench/statistics.js';
import { endAll } from '../drivers/processes.js';
import { RecordedWork } from '../drivers/recorded-work.js';
import { type RoundFigures, RoundStream } from '../drivers/round-stream.js';
import { Stage } from '../drivers/stage.js';
import type { StoreName } from '../drivers/stores.js';
import { shortcomings } from './shortcomings.js';
import { strikeOn } from './strikes.js';
import { flatRule, type Vitals, vitalsOf } from './vitals.js';

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    store: { type: 'string' },
    seed: { type: 'string' },
  },
});

const seed = flags.seed === undefined ? systemClock.wallMs() % 2 ** 32 : Number(flags.seed);
const runMs = Number(flags.minutes) * 60_000;
const stores = (['redis', 'postgres'] as const).filter(
  (name) => flags.store === undefined || name === flags.store,
);
/** Rounds at once. */
const streamCount = 2;
/** Before the first look at the memory, in ms. */
const warmUpMs = Math.min(60_000, runMs / 4);
/** Rounds that have ended go soon, so that what is left is what leaks. */
const retentionMs = 10_000;

console.log(`seed ${seed}: the same draws again with -- --seed ${seed}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void endAll().finally(() => process.exit(130)));
}
let isClean = true;
for (const store of stores) isClean = (await soak(store)) && isClean;
process.exitCode = isClean ? 0 : 1;

async function soak(store: StoreName): Promise<boolean> {
  const stage = await Stage.start({
    store,
    nodeCount: 4,
    replicaCount: 2,
    env: { BYZANTINE_ORCHESTRATOR_ROUND_RETENTION_MS: String(retentionMs), BYZANTINE_LOG_LEVEL: 'warn' },
  });
  let telling: NodeJS.Timeout | undefined;
  try {
    const work = new RecordedWork(stage.deployment.tuplespace, store);
    const stop = new AbortController();
    const { orchestrator } = stage;
    const common = { orchestrator, signal: stop.signal, voices: (number: number) => stage.voices(number) };
    const streams = Array.from(
      { length: streamCount },
      (_, i) => new RoundStream({ ...common, seed: seed + i }),
    );
    telling = setInterval(() => console.log(`${store}: ${soFar(streams)}`), 60_000);
    const running = Promise.all(streams.map((stream) => stream.run()));
    const striking = strikeOn(stage, { seed, signal: stop.signal });
    // A failure of either ends the run at once.
    const failed = Promise.all([running, striking]);
    await Promise.race([failed, after(warmUpMs)]);
    const before = await vitalsOf(stage);
    await Promise.race([failed, after(runMs - warmUpMs)]);
    stop.abort();
    await running;
    const strikes = await striking;
    const vitals = { before, after: await vitalsOf(stage) };
    const history = await work.judge();
    const figures = sumOf(streams.map((stream) => stream.figures));
    console.log(report(store, figures, strikes, vitals));
    console.log(`history of ${history.figures.operationCount} calls beside the rounds: ${history.verdict}`);
    const wrong = shortcomings({ figures, strikes, vitals, history: history.verdict });
    console.log(`${store}: ${wrong.length === 0 ? 'PASS' : `FAIL: ${wrong.join('; ')}`}`);
    return wrong.length === 0;
  } finally {
    clearInterval(telling);
    await stage.stop();
    await endAll();
  }
}

function report(
  store: StoreName,
  figures: RoundFigures,
  strikes: ReadonlyMap<string, number>,
  { before, after }: { readonly before: readonly Vitals[]; readonly after: readonly Vitals[] },
): string {
  const { rounds, held, outside, violated, unfinished, doubled, fenced, lost, longestMs } = figures;
  const vitals = before.map(({ name, residentMiB, handles }, i) => [
    name,
    Math.round(residentMiB),
    Math.round(after[i]?.residentMiB ?? Number.NaN),
    handles,
    after[i]?.handles ?? Number.NaN,
  ]);
  return [
    `\n${store}: ${rounds} rounds in ${flags.minutes} minutes, the longest ${(longestMs / 1_000).toFixed(1)} s`,
    `verdicts: ${held} held, ${outside} with more faults than m, ${violated.length} violated ${violated.join(' ')}`,
    `unfinished ${unfinished.length} ${unfinished.join(' ')}, doubled speech ${doubled}, refused writes of old epochs ${fenced}, late generals ${lost}`,
    `faults: ${[...strikes].map(([name, count]) => `${count} × ${name}`).join(', ')}`,
    table(['never struck', 'MiB at first', 'at last', 'handles at first', 'at last'], vitals),
    `flat means: ${flatRule}`,
  ].join('\n');
}

function soFar(streams: readonly RoundStream[]): string {
  const { rounds, violated, unfinished } = sumOf(streams.map(({ figures }) => figures));
  return `${rounds} rounds so far, ${violated.length} violated, ${unfinished.length} unfinished`;
}

function sumOf(all: readonly RoundFigures[]): RoundFigures {
  return all.reduce((left, right) => ({
    rounds: left.rounds + right.rounds,
    held: left.held + right.held,
    outside: left.outside + right.outside,
    violated: [...left.violated, ...right.violated],
    unfinished: [...left.unfinished, ...right.unfinished],
    doubled: left.doubled + right.doubled,
    fenced: left.fenced + right.fenced,
    lost: left.lost + right.lost,
    longestMs: Math.max(left.longestMs, right.longestMs),
  }));
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

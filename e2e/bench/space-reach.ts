/**
 * What the tuple space is to reach beside its ceilings, and what a run of `npm run bench:space` says of it.
 */
import type { Row, WakeUps } from './space-report.js';
import { median, short, table } from './statistics.js';
import type { StoreName } from './stores.js';

/** What one store showed. */
export interface StoreRun {
  readonly store: StoreName;
  readonly residentCounts: readonly number[];
  readonly rows: readonly Row[];
  readonly wakeUps: WakeUps;
}

/** Throughput over that of the lower ceiling, at least. */
const shareMin: Readonly<Record<StoreName, number>> = { memory: 0.7, redis: 0.7, postgres: 0.6 };
/** Cost of a call with the most resident tuples over that with the fewest, at most. */
const growthMax = 2;
/** From a write to whom it wakes on the same replica, in round trips of a bare echo, at most. */
const echoesMax = 3;

/** Throughput over that of the lower of two ceilings: the raw store, and an echo with a message for each call. */
export function shareOf({ ours, raw, echo }: Row): number {
  return ours.perSecond / Math.min(raw.perSecond, echo.perSecond);
}

/** As `shareOf`, with an echo that puts the calls of a turn of the event loop in one message, as the pipe does. */
export function togetherShareOf({ ours, raw, echoTogether }: Row): number {
  return ours.perSecond / Math.min(raw.perSecond, echoTogether.perSecond);
}

/** Calls a second with the fewest resident tuples over those with the most; undefined where there is one count only. */
export function growthOf(row: Row, { rows, residentCounts }: Pick<StoreRun, 'rows' | 'residentCounts'>) {
  const last = residentCounts.at(-1);
  if (row.residentCount !== residentCounts[0] || row.residentCount === last) return undefined;
  const large = rows.find(({ name, residentCount }) => name === row.name && residentCount === last);
  if (large === undefined) return undefined;
  return { underLoad: row.ours.perSecond / large.ours.perSecond, alone: large.alone.p50 / row.alone.p50 };
}

interface Verdict {
  readonly store: StoreName;
  readonly what: string;
  readonly shown: string;
  readonly reach: string;
  readonly isReached: boolean;
}

/** Prints each figure that has a reach, and whether it is reached; true where all are. */
export function printReaches(runs: readonly StoreRun[]): boolean {
  const verdicts = runs.flatMap((run) => [
    ...shareVerdicts(run),
    ...growthVerdicts(run),
    ...wakeVerdicts(run),
  ]);
  const rows = verdicts.map(({ store, what, shown, reach, isReached }) => [
    `${store}: ${what}`,
    shown,
    reach,
    isReached ? 'PASS' : 'FAIL',
  ]);
  console.log(`\n${table(['measured', 'shown', 'reach', ''], rows)}`);
  const reachedCount = verdicts.filter(({ isReached }) => isReached).length;
  console.log(`\n${reachedCount} of ${verdicts.length} reached. The lower ceiling is the raw store or the echo, whichever is slower. "Batched": the
echo too puts the calls of a turn of the event loop into one message, which is the most that a pipe could carry.`);
  return reachedCount === verdicts.length;
}

function shareVerdicts({ store, rows }: StoreRun): Verdict[] {
  const min = shareMin[store];
  return rows.flatMap((row) => {
    const what = `${row.name}, ${row.residentCount.toLocaleString('en-US')} tuples`;
    return [
      { ceiling: 'of the lower ceiling', share: shareOf(row) },
      { ceiling: 'of the lower, batched', share: togetherShareOf(row) },
    ].map(({ ceiling, share }) => ({
      store,
      what: `${what}, ${ceiling}`,
      shown: percent(share),
      reach: `>= ${percent(min)}`,
      isReached: share >= min,
    }));
  });
}

function growthVerdicts(run: StoreRun): Verdict[] {
  return run.rows.flatMap((row) => {
    const growth = growthOf(row, run);
    if (growth === undefined) return [];
    return Object.entries({ 'under load': growth.underLoad, alone: growth.alone }).map(([how, times]) => ({
      store: run.store,
      what: `${row.name}, growth ${how}`,
      shown: times.toFixed(2),
      reach: `<= ${growthMax}`,
      isReached: times <= growthMax,
    }));
  });
}

function wakeVerdicts({ store, wakeUps: { tripMs, rawMs, same } }: StoreRun): Verdict[] {
  return Object.entries({ 'blocked take': same.take, watch: same.watch }).map(([what, ms]) => {
    const echoes = median(ms) / tripMs;
    return {
      store,
      what: `wake-up of a ${what}, in echoes (a raw one: ${short(rawMs / tripMs)})`,
      shown: echoes.toFixed(2),
      reach: `<= ${echoesMax}`,
      isReached: echoes <= echoesMax,
    };
  });
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

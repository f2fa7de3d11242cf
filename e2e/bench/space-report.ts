/**
 * What `npm run bench:space` prints.
 */
import type { Shown } from './load.js';
import { growthOf, percent, type StoreRun, shareOf, togetherShareOf } from './space-reach.js';
import { median, percentile, short, table } from './statistics.js';

export interface Row {
  readonly name: string;
  readonly residentCount: number;
  readonly ours: Shown;
  readonly unary: Shown;
  readonly alone: Shown;
  readonly raw: Shown;
  readonly echo: Shown;
  readonly echoTogether: Shown;
  readonly unaryEcho: Shown;
}

export function printCalls(rows: readonly Row[], callerCount: number): void {
  const headings = [
    'call',
    'resident',
    'calls/s',
    'raw',
    'echo',
    'of the lower',
    'echo together',
    'of the lower',
    'unary',
    'unary echo',
    'p50 ms',
    'p99 ms',
  ];
  const cells = rows.map((row) => {
    const perSecond = (shown: Shown) => short(shown.perSecond);
    return [
      row.name,
      row.residentCount.toLocaleString('en-US'),
      ...[row.ours, row.raw, row.echo].map(perSecond),
      percent(shareOf(row)),
      perSecond(row.echoTogether),
      percent(togetherShareOf(row)),
      ...[row.unary, row.unaryEcho].map(perSecond),
      short(row.alone.p50),
      short(row.alone.p99),
    ];
  });
  console.log(`\n${table(headings, cells)}`);
  console.log(
    `\ncalls a second of ${callerCount} callers over the pipe. raw: the store alone. echo: bare messages of the same size, one for each call,
over one gRPC stream; echo together: those of a turn of the event loop in one message, as the pipe does. unary: each call a gRPC
call of its own. p50 and p99: one caller over the pipe`,
  );
}

export function printGrowth(run: Pick<StoreRun, 'rows' | 'residentCounts'>): void {
  const lines = run.rows.flatMap((row) => {
    const growth = growthOf(row, run);
    if (growth === undefined) return [];
    return [`  ${row.name}: ${growth.underLoad.toFixed(2)} under load, ${growth.alone.toFixed(2)} alone`];
  });
  if (lines.length === 0) return;
  const [from, to] = [run.residentCounts[0], run.residentCounts.at(-1)].map((count) =>
    count?.toLocaleString('en-US'),
  );
  console.log(`\ncost of a call at ${to} tuples over that at ${from}:\n${lines.join('\n')}`);
}

interface Deliveries {
  readonly take: readonly number[];
  readonly watch: readonly number[];
}

/** How long wake-ups took, in ms. */
export interface WakeUps {
  /** One round trip of a bare echo. */
  readonly tripMs: number;
  /** A blocked take of the raw store. */
  readonly rawMs: number;
  /** On the replica that the write went to. */
  readonly same: Deliveries;
  readonly other?: Deliveries;
}

export function printWakeUps({ tripMs, rawMs, same, other }: WakeUps): void {
  const row = (name: string, ms: readonly number[]) => [
    name,
    short(median(ms)),
    short(percentile(ms, 0.99)),
    (median(ms) / tripMs).toFixed(2),
  ];
  const rows = [row('blocked take', same.take), row('watch', same.watch)];
  if (other !== undefined) {
    rows.push(row('blocked take, other replica', other.take), row('watch, other replica', other.watch));
  }
  console.log(`\n${table(['from write to', 'p50 ms', 'p99 ms', 'in echoes'], rows)}`);
  console.log(`\none echo: ${short(tripMs)} ms; a blocked take of the raw store: ${short(rawMs)} ms`);
}

/**
 * What `npm run bench:space` prints.
 */
import type { Shown } from './load.js';
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
    'unary',
    'unary echo',
    'p50 ms',
    'p99 ms',
  ];
  const cells = rows.map(({ name, residentCount, ours, unary, alone, raw, echo, ...more }) => [
    name,
    residentCount.toLocaleString('en-US'),
    ...[ours, raw, echo].map(({ perSecond }) => short(perSecond)),
    percent(ours.perSecond / Math.min(raw.perSecond, echo.perSecond)),
    ...[more.echoTogether, unary, more.unaryEcho].map(({ perSecond }) => short(perSecond)),
    short(alone.p50),
    short(alone.p99),
  ]);
  console.log(`\n${table(headings, cells)}`);
  console.log(
    `\ncalls a second of ${callerCount} callers over the pipe. raw: the store alone. echo: bare messages of the same size, one for each call,
over one gRPC stream; echo together: those of a turn of the event loop in one message, as the pipe does. unary: each call a gRPC
call of its own. p50 and p99: one caller over the pipe`,
  );
}

export function printGrowth(rows: readonly Row[], residentCounts: readonly number[]): void {
  const [first, last] = [residentCounts[0], residentCounts.at(-1)];
  if (first === undefined || last === undefined || first === last) return;
  const lines = rows
    .filter(({ residentCount }) => residentCount === first)
    .map(({ name, ours, alone }) => {
      const large = rows.find((row) => row.name === name && row.residentCount === last);
      const under = ours.perSecond / (large?.ours.perSecond ?? Number.NaN);
      const single = (large?.alone.p50 ?? Number.NaN) / alone.p50;
      return `  ${name}: ${under.toFixed(2)} under load, ${single.toFixed(2)} alone`;
    });
  const [from, to] = [first, last].map((count) => count.toLocaleString('en-US'));
  console.log(`\ncost of a call at ${to} tuples over that at ${from}:\n${lines.join('\n')}`);
}

interface Deliveries {
  readonly take: readonly number[];
  readonly watch: readonly number[];
}

export function printWakeUps(measured: {
  readonly tripMs: number;
  readonly rawMs: number;
  readonly same: Deliveries;
  readonly other?: Deliveries;
}): void {
  const { tripMs, rawMs, same, other } = measured;
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

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

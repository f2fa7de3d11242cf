/**
 * The results of the matrix as lines of a table, each printed when its cell is done.
 */
import { firstViolation, type HistoryReport } from '../../services/tuplespace/index.js';
import type { CellResult } from './cell.js';

/** Heading, width, and what stands in the column. */
const columns: readonly (readonly [heading: string, width: number, of: (result: CellResult) => string])[] = [
  ['cell', 29, ({ name }) => name],
  ['ok', 7, ({ report }) => whole(report.figures.okCount)],
  ['fail', 6, ({ report }) => whole(report.figures.failCount)],
  ['unkn', 5, ({ report }) => whole(report.figures.unknownCount)],
  ['acked', 7, ({ report }) => whole(report.figures.acknowledgedCount)],
  ['lost', 4, ({ report }) => violations(report, 'T1', 'T7')],
  ['dup', 4, ({ report }) => violations(report, 'T2', 'T9')],
  ['phan', 4, ({ report }) => violations(report, 'T3', 'T12')],
  ['stale', 5, ({ report }) => violations(report, 'T4', 'T13', 'T14')],
  ['back', 4, ({ report }) => violations(report, 'T5', 'T11')],
  ['two', 4, ({ report }) => violations(report, 'T6', 'T10')],
  ['late', 4, ({ report }) => violations(report, 'T8')],
  ['T13?', 4, ({ report }) => whole(report.rules.reduce((sum, { unknownCount }) => sum + unknownCount, 0))],
  ['gap s', 6, ({ report }) => (report.figures.worstGapMs / 1_000).toFixed(1)],
  ['p50 ms', 7, ({ report }) => report.figures.p50Ms.toFixed(1)],
  ['p99 ms', 7, ({ report }) => report.figures.p99Ms.toFixed(0)],
  ['hits', 4, ({ strikeCount }) => whole(strikeCount)],
  ['s', 4, ({ tookMs }) => (tookMs / 1_000).toFixed(0)],
];

export const legend = `lost: T1 and stuck holds T7 · dup: T2, T9 · phan: phantom T3, T12 · stale: T4, no order T13, watch T14 · back: from the dead T5,
expired T11 · two: holders T6, winners T10 · late: wake-ups T8 · T13?: windows without a verdict · gap: longest time without any answer ·
hits: how often the fault struck`;

export function heading(): string {
  return line(columns.map(([name]) => name));
}

export function row(result: CellResult): string {
  return line(columns.map(([, , of]) => of(result)));
}

/** What is wrong with a cell, and how to look at it again. */
export function witnessOf({ name, report, file }: CellResult): string {
  const first = firstViolation(report);
  const what =
    first === undefined ? 'unknown' : `${first.rule} ${first.what} (lines ${first.lines.join(', ')})`;
  return `${name}: ${what}\n  again: ./scripts/byz check ${file}`;
}

export function violationCount({ rules }: HistoryReport): number {
  return rules.reduce((sum, { violations: found }) => sum + found.length, 0);
}

export function unknownCount({ rules }: HistoryReport): number {
  return rules.reduce((sum, { unknownCount: count }) => sum + count, 0);
}

function violations({ rules }: HistoryReport, ...ids: readonly string[]): string {
  const found = rules.filter(({ id }) => ids.includes(id));
  return whole(found.reduce((sum, rule) => sum + rule.violations.length, 0));
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, i) => (i === 0 ? cell.padEnd(columns[i]?.[1] ?? 0) : cell.padStart(columns[i]?.[1] ?? 0)))
    .join(' ');
}

function whole(count: number): string {
  return count.toLocaleString('en-US');
}

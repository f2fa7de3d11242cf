/**
 * `npm run kill:matrix`: protocols with planted bugs, and which of our ways to look for a treason finds each. Exits with 1 if one is found
 * by none.
 */
import { killMatrix, type Suite, suites } from '../../services/consensus/testing/kill-matrix.js';

for (const suite of suites) {
  const before = performance.now();
  const matrix = killMatrix(suite);
  console.log(`### ${suite.title}\n\n${tableOf(suite, matrix)}\n`);
  const survivors = suite.bugs.filter((bug) => ![...matrix.values()].some((found) => found.includes(bug)));
  const seconds = ((performance.now() - before) / 1_000).toFixed(1);
  console.error(`${suite.title}: ${survivors.length} of ${suite.bugs.length} bugs survive; ${seconds} s`);
  if (survivors.length > 0) process.exitCode = 1;
}

/** Ways that find the same stand in one row. */
function tableOf({ bugs }: Suite, matrix: ReadonlyMap<string, readonly string[]>): string {
  const rows = new Map<string, string[]>();
  for (const [way, found] of matrix) {
    const cells = bugs.map((bug) => (found.includes(bug) ? 'x' : ' ')).join(' | ');
    rows.set(cells, [...(rows.get(cells) ?? []), way]);
  }
  return [
    `| found by | ${bugs.join(' | ')} |`,
    `| --- |${' --- |'.repeat(bugs.length)}`,
    ...[...rows].map(([cells, ways]) => `| ${ways.join(', ')} | ${cells} |`),
  ].join('\n');
}

/**
 * `byz check`: reads a history from a file and prints what the rules say of it.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { systemClock } from '../runtime/index.js';
import { checkHistory, type HistoryHeader, type HistoryReport, readHistory } from '../tuplespace/index.js';
import type { CheckOptions } from './commands/check.js';
import { checkDocument } from './documents/check-document.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { grouped } from './output/numbers.js';
import { Progress } from './output/progress.js';
import { createStyle, type Style } from './output/style.js';
import { alignedTable, plainTable } from './output/table.js';
import { whole } from './round-request.js';
import type { Shell } from './shell.js';

/** Errors: invalid_argument (a malformed line, with its number and field), resource_exhausted (a history beyond the limits). */
export async function checkFile(
  { terminal }: Shell,
  file: string,
  { json, plain, window, steps }: CheckOptions,
): Promise<ExitCode> {
  const windowMax = whole('--window', window);
  const stepsMax = whole('--steps', steps);
  const read = await Promise.race(readFrom(file));
  if ('error' in read) {
    terminal.talk(`error: ${file} cannot be read: ${read.error.message}`);
    return exitCodes.noInput;
  }
  const { history } = read;
  let rule = '';
  const callCount = grouped(history.operations.length);
  const progress = new Progress(terminal, systemClock, () => `judging ${callCount} calls by ${rule}`);
  const report = checkHistory(history, {
    ...(windowMax !== undefined && { windowMax }),
    ...(stepsMax !== undefined && { stepsMax }),
    onRule(id, name) {
      rule = `${id}, ${name}`;
      progress.tick();
    },
  });
  progress.stop();
  if (json) terminal.data(JSON.stringify(checkDocument(file, history.header, report), null, 2));
  else
    terminal.report(
      reportText(file, history.header, report, { style: createStyle(terminal), isPlain: plain === true }),
    );
  return codes[report.verdict];
}

/** The history, and what ends its reading before. */
function readFrom(file: string) {
  const input = createReadStream(file);
  const failed = new Promise<{ error: Error }>((resolve) =>
    input.once('error', (error) => resolve({ error })),
  );
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  return [readHistory(lines).then((history) => ({ history })), failed] as const;
}

const codes = { valid: exitCodes.ok, violated: exitCodes.violated, unknown: exitCodes.unknown };

function reportText(
  file: string,
  header: HistoryHeader,
  { verdict, rules, figures }: HistoryReport,
  { style, isPlain }: { style: Style; isPlain: boolean },
): string {
  const { backend, replicaCount, labels } = header;
  const { operationCount, okCount, failCount, unknownCount, acknowledgedCount, p50Ms, p99Ms } = figures;
  const paint = {
    valid: (text: string) => style.good(text),
    violated: (text: string) => style.bad(text),
    unknown: (text: string) => style.caution(text),
    nothing: (text: string) => style.faint(text),
  };
  const content = {
    head: ['rule', '', 'judged', 'violations', 'unknown', 'verdict'],
    rows: rules.map((rule) => [
      rule.id,
      rule.name,
      grouped(rule.judgedCount),
      grouped(rule.violations.length),
      grouped(rule.unknownCount),
      paint[rule.verdict](rule.verdict === 'nothing' ? 'nothing to judge' : rule.verdict),
    ]),
  };
  return [
    `${file}: ${backend}, ${replicaCount} ${replicaCount === 1 ? 'replica' : 'replicas'}${labelText(labels)}`,
    `${grouped(operationCount)} calls: ${grouped(okCount)} ok, ${grouped(failCount)} failed, ${grouped(unknownCount)} unknown · ` +
      `${grouped(acknowledgedCount)} tuples acknowledged · p50 ${shown(p50Ms)}, p99 ${shown(p99Ms)}`,
    '',
    isPlain ? plainTable(content) : alignedTable(content),
    ...rules.flatMap(witness),
    '',
    `verdict: ${paint[verdict](verdict)}`,
  ].join('\n');
}

function labelText(labels: HistoryHeader['labels']): string {
  return Object.entries(labels)
    .map(([name, value]) => ` · ${name} ${value}`)
    .join('');
}

/** The first violation of a rule, and why some of it is unknown. */
function witness({ id, violations, unknownCount, unknownBecause }: HistoryReport['rules'][number]): string[] {
  const [first] = violations;
  const unknown =
    unknownCount > 0 ? ['', `${id} unknown: ${unknownBecause ?? 'it could not be judged'}`] : [];
  if (first === undefined) return unknown;
  const more = violations.length === 1 ? '' : `, and ${grouped(violations.length - 1)} more`;
  return ['', `${id} violated: ${first.what}`, `   lines ${first.lines.join(', ')}${more}`, ...unknown];
}

function shown(ms: number): string {
  return Number.isNaN(ms) ? '-' : `${ms.toFixed(1)} ms`;
}

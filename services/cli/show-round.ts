/**
 * Shows a round in the form that was asked for.
 */
import type { Round } from '../orchestrator/index.js';
import type { ReportOptions } from './commands/round-options.js';
import { roundDocument } from './documents/round-document.js';
import { createStyle } from './output/style.js';
import { roundReport } from './report/round-report.js';
import type { Shell } from './shell.js';

/** `place` says where the round's record is. */
export function showRound(
  { terminal }: Shell,
  round: Round,
  options: ReportOptions & { place: string },
): void {
  if (options.json) {
    terminal.data(JSON.stringify(roundDocument(round, { withMessages: options.all === true }), null, 2));
    return;
  }
  const view = {
    style: createStyle(terminal),
    columns: terminal.columns,
    isPlain: options.plain === true,
    isAll: options.all === true,
  };
  terminal.report(roundReport(round, view, options));
}

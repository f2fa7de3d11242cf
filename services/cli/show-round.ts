/**
 * Shows a round in the form that was asked for.
 */
import type { Evidence } from '../consensus/index.js';
import type { Orchestrator, Round } from '../orchestrator/index.js';
import { ServiceError } from '../runtime/index.js';
import type { ReportOptions } from './commands/round-options.js';
import { roundDocument } from './documents/round-document.js';
import { createStyle } from './output/style.js';
import type { OwnTraitor } from './own-strategy/own-round.js';
import { roundReport } from './report/round-report.js';
import type { Shell } from './shell.js';

/** `place` says where the round's record is. */
export function showRound(
  { terminal }: Shell,
  round: Round,
  options: ReportOptions & {
    readonly place: string;
    readonly evidence?: Evidence | undefined;
    readonly ownTraitors?: readonly OwnTraitor[] | undefined;
  },
): void {
  const { evidence, ownTraitors = [] } = options;
  if (options.json) {
    const document = roundDocument(round, { withMessages: options.all === true, evidence, ownTraitors });
    terminal.data(JSON.stringify(document, null, 2));
    return;
  }
  const view = {
    style: createStyle(terminal),
    columns: terminal.columns,
    isPlain: options.plain === true,
    isAll: options.all === true,
  };
  terminal.report(roundReport(round, view, { ...options, ownTraitors }));
}

/** The evidence of a round; undefined when there is too much to look through, and for a round that is gone. */
export async function evidenceOf(
  orchestrator: Orchestrator,
  { number }: Round,
): Promise<Evidence | undefined> {
  try {
    return await orchestrator.getEvidence({ number });
  } catch (error) {
    const isToBeExpected =
      error instanceof ServiceError &&
      ['resource_exhausted', 'not_found', 'unimplemented'].includes(error.code);
    if (!isToBeExpected) throw error;
    return undefined;
  }
}

/**
 * `byz shrink`: the smallest treason within a plan.
 */
import { shrink } from '../consensus/index.js';
import { ServiceError } from '../runtime/index.js';
import type { ShrinkOptions } from './commands/adversary.js';
import { shrinkDocument } from './documents/adversary-document.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { grouped } from './output/numbers.js';
import { decisionsText, predictedDecisions, readPlanFile, writePlan } from './plan/plan-file.js';
import type { Shell } from './shell.js';

/** Errors: as `readPlanFile`; failed_precondition (the plan breaks nothing). */
export async function runShrink(shell: Shell, options: ShrinkOptions, file: string): Promise<ExitCode> {
  const plan = readPlanFile(shell, file);
  const shrunk = shrink(plan);
  const { terminal } = shell;
  if (shrunk === undefined) {
    const held = decisionsText(predictedDecisions(plan));
    throw new ServiceError('failed_precondition', `${file} breaks neither agreement nor validity: ${held}`);
  }
  const { lieCountBefore, lieCount, runCount } = shrunk;
  terminal.talk(`${lieCount} of ${lieCountBefore} lies are enough (${grouped(runCount)} rounds)`);
  terminal.talk(`  decisions: ${decisionsText(predictedDecisions(shrunk.plan))}`);
  if (options.json) terminal.data(JSON.stringify(shrinkDocument(shrunk), null, 2));
  if (!options.json || options.output !== undefined) writePlan(shell, shrunk.plan, options.output);
  return exitCodes.ok;
}

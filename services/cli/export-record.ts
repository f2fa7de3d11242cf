/**
 * `byz export`: a record in the forms that other programs take.
 */
import { verifySignature } from '../general-node/index.js';
import { roundOfTrace } from '../orchestrator/index.js';
import { diagramFile, reportFile, shivizLog } from '../record/index.js';
import type { ExportOptions } from './commands/replay.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { readRecord } from './read-record.js';
import { againCommand } from './report/replay.js';
import type { Shell } from './shell.js';

export function exportRecord(shell: Shell, record: string, { as }: ExportOptions): ExitCode {
  const trace = readRecord(shell, record);
  if (trace === undefined) return exitCodes.noInput;
  const forms = {
    report: () => reportFile(trace, { again: againCommand(roundOfTrace(trace)), verify: verifySignature }),
    diagram: () => diagramFile(trace),
    shiviz: () => shivizLog(trace),
  };
  shell.terminal.data(forms[as]().trimEnd());
  return exitCodes.ok;
}

/**
 * `byz replay` and `byz export`.
 */
import { Command, Option } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';
import type { ReportOptions } from './round-options.js';
import { addReportOptions } from './round-options.js';

export interface ReplayOptions extends ReportOptions {
  readonly step?: true;
}

export interface ExportOptions {
  readonly as: 'report' | 'diagram' | 'shiviz';
}

export function replayCommand(shell: Shell): Command {
  const command = new Command('replay')
    .description('show a recorded round, and prove that what was said and decided follows from the record')
    .argument('<record>', 'a run such as runs/latest, or its trace.jsonl')
    .option('--step', 'event by event, with the arrow keys; where there is no terminal, a line each');
  return addReportOptions(addHelpEnd(command, replayHelp)).action(
    act<ReplayOptions>(shell, async ({ args: [record = ''], options }) => {
      const { replayRecord } = await import('../replay-record.js');
      return replayRecord(shell, record, options);
    }),
  );
}

export function exportCommand(shell: Shell): Command {
  const command = new Command('export')
    .description('write a recorded round in another form to stdout')
    .argument('<record>', 'a run such as runs/latest, or its trace.jsonl')
    .addOption(
      new Option('--as <form>', 'report: HTML; diagram: SVG; shiviz: a log for ShiViz')
        .choices(['report', 'diagram', 'shiviz'])
        .makeOptionMandatory(),
    )
    .action(
      act<ExportOptions>(shell, async ({ args: [record = ''], options }) => {
        const { exportRecord } = await import('../export-record.js');
        return exportRecord(shell, record, options);
      }),
    );
  return addHelpEnd(command, exportHelp);
}

const replayHelp = {
  examples: ['byz replay runs/latest', 'byz replay runs/latest --step', 'byz replay trace.jsonl --json'],
  exitCodes:
    '0 everything follows from the record, 1 something does not and is named, ' +
    '2 it cannot be proved (a signed round of an old record), 64 no record of a round, 66 the file cannot be read.',
};

const exportHelp = {
  examples: [
    'byz export runs/latest --as report > report.html',
    'byz export runs/latest --as diagram > round.svg',
    'byz export runs/latest --as shiviz > shiviz.log',
  ],
  exitCodes: '0 done, 64 no record of a round, 66 the file cannot be read.',
};

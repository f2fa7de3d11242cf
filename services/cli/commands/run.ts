/**
 * `byz run`.
 */
import { Command, Option } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';
import type { ReportOptions, RoundOptions, SaveOptions } from './round-options.js';
import { addReportOptions, addRoundOptions, addSaveOptions } from './round-options.js';
import { addStoreOptions, type StoreOptions } from './store-options.js';

export interface RunOptions extends RoundOptions, ReportOptions, SaveOptions, StoreOptions {
  readonly nodes?: string;
  readonly expect?: 'violated';
}

export function runCommand(shell: Shell): Command {
  const command = new Command('run').description('run one round in this process and show all of it');
  addSaveOptions(addReportOptions(addRoundOptions(command)));
  addStoreOptions(command)
    .option('--nodes <count>', 'how many nodes the generals spread over (1 to 64, default: 4)')
    .addOption(
      new Option('--expect <outcome>', 'exit 0 if this happens outside the bound').choices(['violated']),
    )
    .action(
      act<RunOptions>(shell, async ({ args, options }) => {
        const { runRound } = await import('../run-round.js');
        return runRound(shell, options, args);
      }),
    );
  return addHelpEnd(command, runHelp);
}

const runHelp = {
  examples: [
    'byz run                                            4 generals, 1 traitor',
    'byz run general-0=two-faced                        the commander lies',
    'byz run --generals 7 --traitors 2 --seed 7 --save  the same again by its seed; kept in runs/latest',
    'byz run --generals 3 --traitors 1 --outside-bound general-2=flip',
    'byz run --protocol sm general-0=two-faced --json',
    'byz run --plan found.toml                          as byz search wrote it',
  ],
  exitCodes:
    '0 everything promised held, 1 a promise was broken, 2 unknown, 3 outside the bound, ' +
    '64 wrong usage, 78 wrong settings, 130 interrupted.',
};

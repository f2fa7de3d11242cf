/**
 * `byz round`.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd, clientExitCodes } from './help.js';
import type { ReportOptions, RoundOptions, SaveOptions } from './round-options.js';
import { addReportOptions, addRoundOptions, addSaveOptions } from './round-options.js';
import type { TargetOptions } from './target-options.js';
import { addOrchestratorTarget } from './target-options.js';

export interface StartOptions extends RoundOptions, ReportOptions, SaveOptions, TargetOptions {
  readonly watch?: true;
  readonly key?: string;
}

export interface WatchOptions extends SaveOptions, TargetOptions {
  readonly json?: true;
}

export interface ListOptions extends TargetOptions {
  readonly json?: true;
  readonly plain?: true;
  readonly limit?: string;
  readonly before?: string;
}

export interface CancelOptions extends TargetOptions {
  readonly json?: true;
  readonly because?: string;
}

export function roundCommand(shell: Shell): Command {
  const command = new Command('round').description('start rounds on an orchestrator, and look at them');
  const subcommands = [
    startCommand(shell),
    watchCommand(shell),
    showCommand(shell),
    listCommand(shell),
    cancelCommand(shell),
  ];
  for (const subcommand of subcommands) command.addCommand(addOrchestratorTarget(subcommand));
  return command;
}

function startCommand(shell: Shell): Command {
  const command = new Command('start').description('start a round');
  addSaveOptions(addReportOptions(addRoundOptions(command)));
  addHelpEnd(command, {
    examples: [
      'byz round start --watch',
      'byz round start --generals 7 --traitors 2 --key nightly-7',
      'byz round start --plan small.toml --watch --save',
    ],
    exitCodes: `with --watch as of byz run; ${clientExitCodes}`,
  });
  return command
    .option('--watch', 'stay until it is over, then show all of it; Ctrl-C cancels the round')
    .option('--key <text>', 'a second start with the same key gives the same round')
    .action(
      act<StartOptions>(shell, async ({ args, options }) => {
        const { startRound } = await import('../rounds.js');
        return startRound(shell, options, args);
      }),
    );
}

function watchCommand(shell: Shell): Command {
  const command = new Command('watch')
    .description('print what happened in a round and then what happens, a line each, until it is over')
    .argument('<number>', 'of the round')
    .option('--json', 'each line a JSON document; all of them are a record that byz replay takes');
  addHelpEnd(command, {
    examples: ['byz round watch 1', 'byz round watch 1 --json > trace.jsonl'],
    exitCodes: `as of byz run, by the verdict; ${clientExitCodes}`,
  });
  return addSaveOptions(command).action(
    act<WatchOptions>(shell, async ({ args: [number = ''], options }) => {
      const { watchRound } = await import('../rounds.js');
      return watchRound(shell, options, number);
    }),
  );
}

function showCommand(shell: Shell): Command {
  const command = new Command('show')
    .description('show a round as it stands')
    .argument('<number>', 'of the round');
  addHelpEnd(command, {
    examples: ['byz round show 1', 'byz round show 1 --all --save'],
    exitCodes: clientExitCodes,
  });
  return addSaveOptions(addReportOptions(command)).action(
    act<ReportOptions & SaveOptions & TargetOptions>(shell, async ({ args: [number = ''], options }) => {
      const { showOneRound } = await import('../rounds.js');
      return showOneRound(shell, options, number);
    }),
  );
}

function listCommand(shell: Shell): Command {
  const command = new Command('list')
    .description('list rounds, newest first')
    .option('--limit <count>', 'at most this many, up to 200 (default: 20)')
    .option('--before <number>', 'only rounds with a lower number')
    .option('--json', 'as a JSON document')
    .option('--plain', 'one fact a line, for screen readers')
    .action(
      act<ListOptions>(shell, async ({ options }) => {
        const { listRounds } = await import('../rounds.js');
        return listRounds(shell, options);
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz round list', 'byz round list --limit 100 --json'],
    exitCodes: clientExitCodes,
  });
}

function cancelCommand(shell: Shell): Command {
  const command = new Command('cancel')
    .description('end a running round without a verdict')
    .argument('<number>', 'of the round')
    .option('--because <text>', 'the reason, which is kept')
    .option('--json', 'as a JSON document')
    .action(
      act<CancelOptions>(shell, async ({ args: [number = ''], options }) => {
        const { cancelRound } = await import('../rounds.js');
        return cancelRound(shell, options, number);
      }),
    );
  return addHelpEnd(command, {
    examples: ["byz round cancel 1 --because 'wrong order'"],
    exitCodes: clientExitCodes,
  });
}

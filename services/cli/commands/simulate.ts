/**
 * `byz simulate`.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';

export interface SimulateOptions {
  readonly seed?: string;
  readonly runs?: string;
  readonly core?: string;
  readonly strategy?: string;
  readonly trace?: true;
  readonly json?: true;
  readonly plain?: true;
}

export function simulateCommand(shell: Shell): Command {
  const command = new Command('simulate')
    .description('run the services in one thread on a virtual clock, with faults drawn by a seed')
    .argument('[scenarios...]', 'names of scenarios that come with byz, or TOML files (default: all of byz)')
    .option(
      '--seed <number>',
      'the first seed; alone, it is run once and shown in full (0 to 4,294,967,295, default: 1)',
    )
    .option('--runs <count>', 'how many seeds of each scenario (up to 1,000,000, default: 20)')
    .option(
      '--core <rounds>',
      'also so many rounds on the pure core, without services (up to 100,000,000, default: 0)',
    )
    .option('--strategy <file>', 'all traitors follow this own strategy: ./mine.ts')
    .option('--trace', 'every event of a single run; with --json as a list in the document')
    .option('--json', 'as a JSON document')
    .option('--plain', 'one fact a line, for screen readers')
    .action(
      act<SimulateOptions>(shell, async ({ args, options }) => {
        const { runSimulate } = await import('../simulate.js');
        return runSimulate(shell, options, args);
      }),
    );
  return addHelpEnd(command, help);
}

const help = {
  examples: [
    'byz simulate                        every scenario under 20 seeds',
    'byz simulate crashes --seed 7       one run in full',
    'byz simulate crashes --seed 7 --trace | less',
    'byz simulate my.toml --runs 500',
    'byz simulate crashes --strategy ./mine.ts',
  ],
  exitCodes:
    '0 nothing is wrong, 1 something happened that must never, or never happened and should sometimes, 64 wrong usage.',
};

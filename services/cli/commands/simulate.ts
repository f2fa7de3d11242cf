/**
 * `byz simulate`.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';

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
  return new Command('simulate')
    .description('run the services in one thread on a virtual clock, with faults drawn by a seed')
    .argument('[scenarios...]', 'names of scenarios that come with byz, or TOML files (default: all of byz)')
    .option('--seed <number>', 'the first seed; alone, it is run once and shown in full (default: 1)')
    .option('--runs <count>', 'how many seeds of each scenario (default: 20)')
    .option('--core <rounds>', 'also so many rounds on the pure core, without services (default: 0)')
    .option('--strategy <file>', 'all traitors follow this own strategy: ./mine.ts')
    .option('--trace', 'every event of a single run')
    .option('--json', 'as a JSON document')
    .option('--plain', 'one fact a line, for screen readers')
    .addHelpText('after', help)
    .action(
      act<SimulateOptions>(shell, async ({ args, options }) => {
        const { runSimulate } = await import('../simulate.js');
        return runSimulate(shell, options, args);
      }),
    );
}

const help = `
Examples:
  byz simulate                        every scenario under 20 seeds
  byz simulate crashes --seed 7       one run in full
  byz simulate crashes --seed 7 --trace | less
  byz simulate my.toml --runs 500
  byz simulate crashes --strategy ./mine.ts

Exit code: 0 nothing is wrong, 1 something happened that must never, or never happened and should sometimes,
64 wrong usage.`;

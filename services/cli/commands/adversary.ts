/**
 * `byz prove`, `byz search` and `byz shrink`.
 */
import { Command, Option } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';

export interface SettingOptions {
  readonly protocol?: string;
  readonly generals?: string;
  readonly traitors?: string;
  readonly faults?: string;
  readonly mode?: string;
  readonly council?: true;
  readonly outsideBound?: true;
  readonly json?: true;
  readonly plain?: true;
}

export interface ProveOptions extends SettingOptions {
  readonly all?: true;
  readonly showViews?: true;
  readonly maxEvaluations?: string;
  readonly output?: string;
}

export interface SearchOptions extends SettingOptions {
  readonly seed?: string;
  readonly runs?: string;
  readonly budget?: string;
  readonly rungs?: string;
  readonly strategy?: string;
  readonly output?: string;
  readonly expect?: 'violated';
}

export interface ShrinkOptions {
  readonly output?: string;
  readonly json?: true;
}

export function proveCommand(shell: Shell): Command {
  const command = new Command('prove').description('go through every behaviour of the traitors, exactly');
  addSetting(command)
    .option('--all', 'everything that is proved in this project, within the bounds and outside')
    .option('--show-views', 'the two rounds of three generals that a loyal one cannot tell apart')
    .option(
      '--max-evaluations <count>',
      'refuse a proof that takes more (default: 1,000,000,000; 500,000 where the engine itself is stepped)',
    )
    .option(
      '-o, --output <file>',
      'write the first treason that works here (.toml or .json), for byz run --plan',
    )
    .action(
      act<ProveOptions>(shell, async ({ options }) => {
        const { runProve } = await import('../prove.js');
        return runProve(shell, options);
      }),
    );
  return addHelpEnd(command, proveHelp);
}

export function searchCommand(shell: Shell): Command {
  const command = new Command('search').description('look for a treason that breaks a round');
  addSetting(command)
    .option('--seed <number>', 'of the first random treason (default: 1)')
    .option('--runs <count>', 'rounds on each rung at most (default: 20,000)')
    .option('--budget <duration>', 'stop after this long, such as 10s (default: 60s)')
    .option(
      '--rungs <names>',
      'only these, with commas between: exact, two-faced, staged, random, climb (default: all, in this order)',
    )
    .option('--strategy <file>', 'not the ladder, but this own strategy: ./mine.ts')
    .option('-o, --output <file>', 'write the plan here (.toml or .json) instead of to stdout')
    .addOption(
      new Option('--expect <outcome>', 'exit 0 if this is found outside the bound').choices(['violated']),
    )
    .action(
      act<SearchOptions>(shell, async ({ options }) => {
        const { runSearch } = await import('../search.js');
        return runSearch(shell, options);
      }),
    );
  return addHelpEnd(command, searchHelp);
}

export function shrinkCommand(shell: Shell): Command {
  const command = new Command('shrink')
    .description('reduce a plan to the smallest treason that still breaks the round')
    .argument('<file>', 'the plan, as byz search writes it')
    .option('-o, --output <file>', 'write the plan here (.toml or .json) instead of to stdout')
    .option('--json', 'as a JSON document')
    .action(
      act<ShrinkOptions>(shell, async ({ args: [file = ''], options }) => {
        const { runShrink } = await import('../shrink.js');
        return runShrink(shell, options, file);
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz shrink found.toml -o small.toml', 'byz shrink found.toml --json'],
    exitCodes: '0 done, 64 no plan, or one that breaks nothing; 66 the file cannot be read.',
  });
}

function addSetting(command: Command): Command {
  return command
    .option('--protocol <name>', 'how they agree (byzantine.protocol)')
    .option('--generals <n>', 'how many generals (byzantine.general_count)')
    .option('--traitors <count>', 'how many of them are traitors (default: --faults)')
    .option('--faults <m>', 'how many traitors the round is made to withstand (byzantine.fault_count)')
    .option(
      '--mode <name>',
      'who may read a message: mailbox, signed or board (default: as the protocol needs)',
    )
    .option('--council', 'every general has an input of its own; nobody commands')
    .option('--outside-bound', 'although nothing is promised for these numbers')
    .option('--json', 'as a JSON document')
    .option('--plain', 'one fact a line, for screen readers');
}

const proveHelp = {
  examples: [
    'byz prove                                          4 generals, 1 traitor',
    'byz prove --generals 7 --faults 2',
    'byz prove --generals 6 --faults 2 --outside-bound  shows the first treason that works',
    'byz prove --protocol sm --generals 3               one traitor of three, with signatures',
    'byz prove --protocol king --council                all inputs of a council',
    'byz prove --protocol phase-king --council --outside-bound -o found.toml',
    'byz prove --generals 3 --faults 1 --show-views     why three are too few',
    'byz prove --all',
  ],
  exitCodes:
    '0 nothing breaks, 1 a promise is broken, 3 outside the bound, 64 wrong usage, 75 more ' +
    'evaluations than --max-evaluations, or than can be enumerated at all. ' +
    '--all: 0 what must hold holds and what must break breaks, else 1.',
};

const searchHelp = {
  examples: [
    'byz search --generals 6 --faults 2 --outside-bound -o found.toml',
    'byz search --generals 3 --faults 1 --outside-bound --strategy ./mine.ts',
    'byz search --protocol sm --generals 4 --traitors 2 --faults 1 --outside-bound',
    'byz search --mode board --council --generals 4 --faults 2 --outside-bound',
  ],
  exitCodes:
    '0 there is nothing to find, 1 a promise is broken, 2 nothing was found, 3 something was found ' +
    'outside the bound, 64 wrong usage.',
};

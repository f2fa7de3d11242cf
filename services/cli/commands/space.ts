/**
 * `byz space`.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd, clientExitCodes } from './help.js';
import { policyCommand } from './policy.js';
import type { TargetOptions } from './target-options.js';
import { addSpaceTarget } from './target-options.js';

export interface SpaceOptions extends TargetOptions {
  readonly space: string;
  readonly json?: true;
  readonly long?: true;
}

export interface WriteOptions extends SpaceOptions {
  readonly ttl?: string;
  readonly unless?: string;
}

export interface ReadOptions extends SpaceOptions {
  readonly limit?: string;
  readonly min?: string;
  readonly wait?: string;
  readonly includeHeld?: true;
  readonly after?: string;
}

export interface TakeOptions extends SpaceOptions {
  readonly max?: string;
  readonly min?: string;
  readonly wait?: string;
}

export interface WatchOptions extends SpaceOptions {
  readonly from?: string;
  readonly events?: string;
}

export interface ListOptions extends SpaceOptions {
  readonly prefix?: string;
  readonly limit?: string;
  readonly after?: string;
}

export interface PutOptions extends SpaceOptions {
  readonly policy?: string;
}

export function spaceCommand(shell: Shell): Command {
  const command = new Command('space')
    .description('use the tuple space: write, read and take tuples, watch them come and go')
    .addHelpText('after', literalHelp);
  const onTuples = [writeCommand, readCommand, takeCommand, countCommand, watchCommand];
  for (const create of onTuples) command.addCommand(addCommonOptions(addSpaceName(create(shell))));
  for (const create of [listCommand, infoCommand, putCommand, dropCommand])
    command.addCommand(addCommonOptions(create(shell)));
  return command.addCommand(policyCommand(shell));
}

const literalHelp = `
Tuples     ("lock", "db", 1)    1 an int64, 1.0 or 1e3 a double, 0x"00ff" bytes, true, null, [1, 2] a list
Templates  ("lock", ?str, 1..5, "d"*, ?)    of a type (?str ?int ?double ?bool ?bytes ?null ?list), a range,
           a prefix, anything`;

function addSpaceName(command: Command): Command {
  return command.option('-s, --space <name>', 'name of the space', 'default');
}

function addCommonOptions(command: Command): Command {
  return addSpaceTarget(command).option('--json', 'as a JSON document');
}

function writeCommand(shell: Shell): Command {
  const command = new Command('write')
    .description('put tuples in, all or none')
    .argument('<tuples...>', 'such as \'("lock", "db", 1)\'')
    .option('--ttl <duration>', 'they expire after this: 500ms, 5s, 2m, 1h (default: never)')
    .option('--unless <template>', 'only if no tuple matches this')
    .action(
      act<WriteOptions>(shell, async ({ args, options }) => {
        const { writeTuples } = await import('../space-tuples.js');
        return writeTuples(shell, options, args);
      }),
    );
  return addHelpEnd(command, {
    examples: [
      'byz space write \'("lock", "db", 1)\' --ttl 30s',
      'byz space write \'("leader", "me")\' --unless \'("leader", ?str)\'',
    ],
    exitCodes: `${clientExitCodes} 75 too: something matches --unless.`,
  });
}

function readCommand(shell: Shell): Command {
  const command = new Command('read')
    .description('show the tuples that match any of the templates, oldest first')
    .argument('<templates...>', 'such as \'("lock", ?str, ?)\'')
    .option('--limit <count>', 'at most this many (default: all)')
    .option('--min <count>', 'wait until this many match (default: 1 with --wait)')
    .option('--wait <duration>', 'how long to wait for --min (default: not at all; --min is 1 then)')
    .option('--after <id>', 'only tuples with a higher id, for the next page (default: 0)')
    .option('--include-held', 'also tuples that somebody holds')
    .option('--long', 'with id, revision and writer')
    .action(
      act<ReadOptions>(shell, async ({ args, options }) => {
        const { readTuples } = await import('../space-tuples.js');
        return readTuples(shell, options, args);
      }),
    );
  return addHelpEnd(command, {
    examples: [
      'byz space read \'("lock", ?str, 1..5)\'',
      'byz space read \'("job", ?)\' --min 3 --wait 5s --long',
    ],
    exitCodes: `${clientExitCodes} 75 too: too few matched in time.`,
  });
}

function takeCommand(shell: Shell): Command {
  const command = new Command('take')
    .description('remove the oldest tuples that match any of the templates, and show them')
    .argument('<templates...>', 'such as \'("job", ?int)\'')
    .option('--max <count>', 'at most this many (default: 1)')
    .option('--min <count>', 'this many or none (default: 1)')
    .option('--wait <duration>', 'how long to wait for them (default: not at all)')
    .option('--long', 'with id, revision and writer')
    .action(
      act<TakeOptions>(shell, async ({ args, options }) => {
        const { takeTuples } = await import('../space-tuples.js');
        return takeTuples(shell, options, args);
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz space take \'("job", ?int)\' --wait 5s'],
    exitCodes: `${clientExitCodes} 75 too: there were none in time.`,
  });
}

function countCommand(shell: Shell): Command {
  const command = new Command('count')
    .description('count the tuples that match any of the templates')
    .argument('<templates...>', 'such as \'("job", ?int)\'')
    .action(
      act<SpaceOptions>(shell, async ({ args, options }) => {
        const { countTuples } = await import('../space-tuples.js');
        return countTuples(shell, options, args);
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz space count \'("job", ?int)\''],
    exitCodes: clientExitCodes,
  });
}

function watchCommand(shell: Shell): Command {
  const command = new Command('watch')
    .description('print what stands in the space and then what happens in it, a line each, until Ctrl-C')
    .argument('[templates...]', 'only tuples that match any of these')
    .option(
      '--from <revision>',
      'only what happened after this revision (default: 0, and what stands there first)',
    )
    .option('--events <count>', 'end after this many lines (default: never)')
    .action(
      act<WatchOptions>(shell, async ({ args, options }) => {
        const { watchSpace } = await import('../space-watch.js');
        return watchSpace(shell, options, args);
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz space watch \'("job", ?, ?)\'', 'byz space watch --events 10 --json'],
    exitCodes: clientExitCodes,
  });
}

function listCommand(shell: Shell): Command {
  const command = new Command('list')
    .description('list the spaces by name')
    .option('--prefix <text>', 'only names that begin so')
    .option('--limit <count>', 'at most this many, up to 1,000 (default: 100)')
    .option('--after <name>', 'only names behind this one, for the next page')
    .action(
      act<ListOptions>(shell, async ({ options }) => {
        const { listSpaces } = await import('../space-admin.js');
        return listSpaces(shell, options);
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz space list --prefix round/'],
    exitCodes: clientExitCodes,
  });
}

function infoCommand(shell: Shell): Command {
  const command = new Command('info')
    .description('show what the service runs on and promises, or all about one space')
    .argument('[space]', 'name of a space')
    .action(
      act<SpaceOptions>(shell, async ({ args: [name], options }) => {
        const { showInfo } = await import('../space-admin.js');
        return showInfo(shell, options, name);
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz space info', 'byz space info default --json'],
    exitCodes: clientExitCodes,
  });
}

function putCommand(shell: Shell): Command {
  const command = new Command('put')
    .alias('create')
    .description('create a space; one that is there with the same settings stays')
    .argument('<space>', 'name: letters, digits, ".", "_", "-", "/"')
    .option('--policy <file>', 'who may do what there: a file, or mailbox, board or open (docs/policy.md)')
    .action(
      act<PutOptions>(shell, async ({ args: [name = ''], options }) => {
        const { putSpace } = await import('../space-admin.js');
        return putSpace(shell, options, name);
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz space put jobs', 'byz space put ballots --policy ballot.toml'],
    exitCodes: clientExitCodes,
  });
}

function dropCommand(shell: Shell): Command {
  const command = new Command('drop')
    .description('remove a space with all it holds')
    .argument('<space>', 'name of the space')
    .action(
      act<SpaceOptions>(shell, async ({ args: [name = ''], options }) => {
        const { dropSpace } = await import('../space-admin.js');
        return dropSpace(shell, options, name);
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz space drop jobs'],
    exitCodes: clientExitCodes,
  });
}

/**
 * `byz general`.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';

export interface CheckOptions {
  readonly listen: string;
  readonly answerMs: string;
  readonly cases?: string;
  readonly json?: true;
  readonly plain?: true;
}

export function generalCommand(shell: Shell): Command {
  const command = new Command('general').description('for generals of your own, in any language');
  command.addCommand(checkCommand(shell));
  return command;
}

function checkCommand(shell: Shell): Command {
  const command = new Command('check')
    .description(
      'play rounds with known answers against a program that hosts generals; it finds the space in BYZANTINE_GENERAL_NODE_TUPLESPACE',
    )
    .argument(
      '[program...]',
      'the command that starts it, after --; without one, a program of yours is waited for',
    )
    .option('--listen <host:port>', 'where the program finds the tuple space', '127.0.0.1:0')
    .option('--cases <ids>', 'only these known answers, separated by commas')
    .option('--answer-ms <ms>', 'how long the program may take to answer, 1 to 60,000', '3000')
    .option('--json', 'as a JSON document')
    .option('--plain', 'one fact a line, for screen readers')
    .action(
      act<CheckOptions>(shell, async ({ args, options }) => {
        const { checkGeneral } = await import('../general-check/check.js');
        return checkGeneral(shell, options, args);
      }),
    );
  return addHelpEnd(command, help);
}

const help = {
  examples: [
    'byz general check -- node examples/own-general/general.js',
    'byz general check -- byz general-node --address 127.0.0.1:0',
    'byz general check --listen 127.0.0.1:7000     then start the program yourself',
  ],
  exitCodes: '0 all answers are right, 1 one is wrong, 64 wrong usage, 69 the program did not enrol.',
};

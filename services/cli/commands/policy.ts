/**
 * `byz space policy`.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';
import type { TargetOptions } from './target-options.js';
import { addSpaceTarget } from './target-options.js';

export interface PolicyCheckOptions extends TargetOptions {
  readonly as: string;
  readonly op?: string;
  readonly tuple?: string;
  readonly template?: string;
  readonly json?: true;
}

export function policyCommand(shell: Shell): Command {
  return new Command('policy')
    .description('look at who may do what in a space')
    .addCommand(addSpaceTarget(checkCommand(shell)).option('--json', 'as a JSON document'));
}

function checkCommand(shell: Shell): Command {
  const command = new Command('check')
    .description('say whether a caller may do something and which rule decides')
    .argument('<source>', 'a file that ends in .toml, mailbox, board, open, or the name of a space')
    .requiredOption('--as <caller>', 'who: general-1, viewer, node/node1, general/general-1@2')
    .option('--op <operation>', 'what: read, watch, write, take, lease, drop (default: list the rules)')
    .option('--tuple <tuple>', 'the tuple that would be written')
    .option(
      '--template <template>',
      'the template that would be read, watched or taken (default: everything)',
    )
    .action(
      act<PolicyCheckOptions>(shell, async ({ args: [source = ''], options }) => {
        const { checkPolicyOf } = await import('../policy/check-policy.js');
        return checkPolicyOf(shell, options, source);
      }),
    );
  return addHelpEnd(command, {
    examples: [
      `byz space policy check mailbox --as general-1`,
      `byz space policy check ballot.toml --as general-1 --op write --tuple '("ballot", "general-1", "yes")'`,
    ],
    exitCodes:
      '0 it may, or the rules are listed; 64 wrong usage, 66 the file cannot be read, 69 the service does not answer, 77 it may not.',
  });
}

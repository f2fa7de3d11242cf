/**
 * `byz space policy`.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
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
  return new Command('check')
    .description('say whether a caller may do something and which rule decides; exit 77 if it may not')
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
}

/**
 * `byz fault`.
 */
import { Command } from 'commander';
import type { NodeFault } from '../../orchestrator/index.js';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd, clientExitCodes } from './help.js';
import type { TargetOptions } from './target-options.js';
import { addOrchestratorTarget } from './target-options.js';

export interface FaultOptions extends TargetOptions {
  readonly for?: string;
}

export function faultCommand(shell: Shell): Command {
  const command = new Command('fault')
    .description('crash, hang or wake a node, to see what rounds make of it; the node must allow it')
    .addHelpText(
      'after',
      '\nA node allows it with --chaos; in the compose file, --profile chaos starts such nodes.',
    );
  const crash = new Command('crash').description('end its process at once, as kill -9 does');
  const hang = new Command('hang')
    .description('stop it in its tracks for a time: it answers nothing and renews no lease, then goes on')
    .option('--for <duration>', 'such as 500ms, 5s or 2m, 100ms to 10m', '5s');
  const recover = new Command('recover').description('wake a node that hangs before its time');
  for (const subcommand of [crash, hang, recover]) {
    const kind = subcommand.name() as NodeFault['kind'];
    const example = `byz fault ${kind} node2`;
    addHelpEnd(addOrchestratorTarget(subcommand), {
      examples: kind === 'hang' ? [`${example} --for 10s`] : [example],
      exitCodes: `${clientExitCodes} 64 too: the node does not allow it.`,
    })
      .argument('<node>', 'its id, as byz nodes shows it')
      .action(
        act<FaultOptions>(shell, async ({ args: [node = ''], options }) => {
          const { faultNode } = await import('../fault.js');
          return faultNode(shell, { ...options, kind, node });
        }),
      );
    command.addCommand(subcommand);
  }
  return command;
}

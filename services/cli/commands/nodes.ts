/**
 * `byz nodes`.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd, clientExitCodes } from './help.js';
import type { TargetOptions } from './target-options.js';
import { addOrchestratorTarget } from './target-options.js';

export interface NodesOptions extends TargetOptions {
  readonly json?: true;
  readonly plain?: true;
}

export function nodesCommand(shell: Shell): Command {
  const command = new Command('nodes').description(
    'list the nodes that are enrolled, and the generals on them',
  );
  addHelpEnd(command, { examples: ['byz nodes', 'byz nodes --json'], exitCodes: clientExitCodes });
  return addOrchestratorTarget(command)
    .option('--json', 'as a JSON document')
    .option('--plain', 'one fact a line, for screen readers')
    .action(
      act<NodesOptions>(shell, async ({ options }) => {
        const { listNodes } = await import('../nodes.js');
        return listNodes(shell, options);
      }),
    );
}

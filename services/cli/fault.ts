/**
 * `byz fault`: passes the fault on to the orchestrator, which passes it on to the node.
 */
import type { NodeFault } from '../orchestrator/index.js';
import type { FaultOptions } from './commands/fault.js';
import { parseDuration } from './duration.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { withOrchestrator } from './remote.js';
import type { GlobalOptions, Shell } from './shell.js';

export async function faultNode(
  shell: Shell,
  options: FaultOptions & GlobalOptions & Pick<NodeFault, 'node' | 'kind'>,
): Promise<ExitCode> {
  const { node, kind, for: duration } = options;
  const forMs = duration === undefined ? {} : { forMs: parseDuration('--for', duration) };
  return withOrchestrator(shell, options, async (orchestrator) => {
    await orchestrator.faultNode({ node, kind, ...forMs });
    shell.terminal.talk(done[kind](node, duration));
    return exitCodes.ok;
  });
}

const done = {
  crash: (node: string) => `${node} has crashed`,
  hang: (node: string, duration?: string) =>
    `${node} hangs for ${duration}; byz fault recover ${node} wakes it before`,
  recover: (node: string) => `${node} goes on`,
};

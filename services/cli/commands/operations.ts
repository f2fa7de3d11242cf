/**
 * `byz health` and `byz secret`: what containers need to start in order and to trust each other.
 */
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';

export function healthCommand(shell: Shell): Command {
  return new Command('health')
    .description('ask a service whether it serves; exit 0 if it does, 69 if not')
    .argument('<address>', 'host:port')
    .action(
      act(shell, async ({ args: [address = ''] }) => {
        const { checkHealth } = await import('../../runtime/index.js');
        await checkHealth({ address });
        shell.terminal.talk(`${address} serves`);
        return exitCodes.ok;
      }),
    );
}

export function secretCommand(shell: Shell): Command {
  return new Command('secret')
    .description('make a bootstrap secret in a file that only its owner may read; one that is there stays')
    .argument('<file>', 'path of the file')
    .action(
      act(shell, async ({ args: [path = ''] }) => {
        const { makeSecretFile } = await import('../secret-file.js');
        shell.terminal.talk(makeSecretFile(path) ? `made ${path}` : `${path} is there already`);
        return exitCodes.ok;
      }),
    );
}

/**
 * `byz health` and `byz secret`: what containers need to start in order and to trust each other.
 */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';

export function healthCommand(shell: Shell): Command {
  const command = new Command('health')
    .description('ask a service whether it serves')
    .argument('<address>', 'host:port')
    .action(
      act(shell, async ({ args: [address = ''], options }) => {
        const [{ checkHealth }, { loadCommandSettings }, { tlsOf }] = await Promise.all([
          import('../../runtime/index.js'),
          import('../settings.js'),
          import('../tls.js'),
        ]);
        await checkHealth({ address, tls: tlsOf(loadCommandSettings(shell, options)) });
        shell.terminal.talk(`${address} serves`);
        return exitCodes.ok;
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz health 127.0.0.1:7000'],
    exitCodes: '0 it serves, 64 wrong usage, 69 it does not serve, 78 wrong settings.',
  });
}

export function secretCommand(shell: Shell): Command {
  const command = new Command('secret')
    .description('make a secret in each file, which only its owner may read; one that is there stays')
    .argument('<file...>', 'paths of the files')
    .option(
      '--shared',
      'whoever reaches the file may read it: for a volume that containers of several users share',
    )
    .action(
      act<{ shared?: true }>(shell, async ({ args: paths, options }) => {
        const { makeSecretFile } = await import('../secret-file.js');
        for (const path of paths) {
          const isNew = makeSecretFile(resolve(shell.workingDirectory, path), {
            isShared: options.shared === true,
          });
          shell.terminal.talk(isNew ? `made ${path}` : `${path} is there already`);
        }
        return exitCodes.ok;
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz secret enrol.secret', 'byz secret --shared /run/secrets/enrol /run/secrets/page'],
    exitCodes: '0 the secrets are there, 64 a file cannot be made.',
  });
}

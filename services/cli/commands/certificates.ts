/**
 * `byz certificates make`.
 */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';

export function certificatesCommand(shell: Shell): Command {
  const command = new Command('certificates').description('certificates for mutual TLS between the services');
  const make = command
    .command('make')
    .description(
      'make a CA, if there is none, and new certificates of it for the services and for byz itself',
    )
    .argument('<folder>', 'gets a folder for the CA and one for each service')
    .option('--days <count>', 'how long they are good for, 1 to 3,650', '365')
    .option('--shared', 'whoever reaches a service’s folder may read its key: for volumes of containers')
    .action(
      act<{ days: string; shared?: true }>(shell, async ({ args: [folder = ''], options }) => {
        const [{ makeCertificates }, { systemClock, invalidArgument }] = await Promise.all([
          import('../certificates.js'),
          import('../../runtime/index.js'),
        ]);
        const days = Number(options.days);
        if (!Number.isInteger(days) || days < 1 || days > 3_650) {
          throw invalidArgument('--days', `${options.days} is not a whole number from 1 to 3,650`);
        }
        const isShared = options.shared === true;
        const made = await makeCertificates({
          folder: resolve(shell.workingDirectory, folder),
          days,
          nowMs: systemClock.wallMs(),
          isShared,
        });
        const ca = made.isNewCa ? 'a new CA' : 'the CA that was there';
        shell.terminal.talk(
          `made certificates of ${ca} in ${folder}, good until ${made.until.toISOString()}`,
        );
        return exitCodes.ok;
      }),
    );
  addHelpEnd(make, {
    examples: ['byz certificates make tls', 'byz certificates make tls --days 30'],
    exitCodes: '0 made, 64 wrong usage.',
  });
  return command;
}

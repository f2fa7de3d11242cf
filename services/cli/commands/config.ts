/**
 * `byz config`.
 */
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';

export function configCommand(shell: Shell): Command {
  const command = new Command('config').description('show the settings');
  const show = command
    .command('show')
    .description('show every setting as it is in force here')
    .option('--origin', 'and where its value came from')
    .option('--json', 'as a JSON document')
    .action(
      act<{ origin?: true; json?: true }>(shell, async ({ options }) => {
        const { showSettings } = await import('../show-settings.js');
        showSettings(shell, options);
        return exitCodes.ok;
      }),
    );
  addHelpEnd(show, {
    examples: ['byz config show --origin', 'BYZANTINE_FAULT_COUNT=2 byz config show --json'],
    exitCodes: '0 done, 64 wrong usage, 78 wrong settings.',
  });
  const defaults = command
    .command('defaults')
    .description('print a settings file with every key, what it decides, what is allowed and its default')
    .action(
      act(shell, async () => {
        const [{ sampleSettings }, { settingsHeading, settingTables }] = await Promise.all([
          import('../../runtime/index.js'),
          import('../settings.js'),
        ]);
        shell.terminal.data(sampleSettings(settingsHeading, settingTables).trimEnd());
        return exitCodes.ok;
      }),
    );
  addHelpEnd(defaults, {
    examples: ['byz config defaults > release.toml'],
    exitCodes: '0 done, 64 wrong usage.',
  });
  return command;
}

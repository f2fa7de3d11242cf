/**
 * `byz version`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';

/** `byzantine.version/1`. */
export interface VersionDocument {
  readonly schema: 'byzantine.version/1';
  readonly version: string;
  /** Of the sources that it was built from; empty when that is not known. */
  readonly commit: string;
  readonly node: string;
}

export function versionCommand(shell: Shell): Command {
  const command = new Command('version')
    .description('print the version, with the commit it was built from')
    .option('--json', 'as a JSON document')
    .action(
      act<{ json?: true }>(shell, async ({ options }) => {
        const document = readVersion();
        const commit = document.commit === '' ? '' : ` (${document.commit})`;
        if (options.json) shell.terminal.data(JSON.stringify(document, null, 2));
        else shell.terminal.data(`byz ${document.version}${commit}, node ${document.node}`);
        return exitCodes.ok;
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz version', 'byz version --json'],
    exitCodes: '0 done, 64 wrong usage.',
  });
}

/**
 * From the package.json beside the sources or beside the compiled code; the build writes the commit there.
 */
function readVersion(): VersionDocument {
  const text = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');
  const { version, commit = '' } = JSON.parse(text) as { version: string; commit?: string };
  return { schema: 'byzantine.version/1', version, commit, node: process.versions.node };
}

/**
 * `byz protocols`.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';

export interface ProtocolsOptions {
  readonly generals?: string;
  readonly faults?: string;
  readonly json?: true;
  readonly plain?: true;
}

export function protocolsCommand(shell: Shell): Command {
  const command = new Command('protocols')
    .description('list the protocols: what each assumes, what it costs, where it breaks')
    .option('--generals <n>', 'the numbers for this many generals (default: 7)')
    .option('--faults <m>', 'made to withstand this many traitors (default: 2)')
    .option('--json', 'as a JSON document')
    .option('--plain', 'one fact a line, for screen readers')
    .action(
      act<ProtocolsOptions>(shell, async ({ options }) => {
        const { listProtocols } = await import('../protocols.js');
        return listProtocols(shell, options);
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz protocols', 'byz protocols --generals 13 --faults 4'],
    exitCodes: '0 done, 64 wrong usage.',
  });
}

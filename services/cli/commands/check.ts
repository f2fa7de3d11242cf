/**
 * `byz check`.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';

export interface CheckOptions {
  readonly json?: true;
  readonly plain?: true;
  readonly window?: string;
  readonly steps?: string;
}

export function checkCommand(shell: Shell): Command {
  const command = new Command('check')
    .description('judge a history of a tuple space by the rules T1 to T14')
    .argument('<file>', 'a history: JSON lines, as docs/checking.md says')
    .option('--window <calls>', 'calls of one window of the linearizability search (default: 200)')
    .option('--steps <count>', 'steps of one search, after which its window is unknown (default: 5000000)')
    .option('--plain', 'one fact a line')
    .option('--json', 'as a JSON document')
    .action(
      act<CheckOptions>(shell, async ({ args: [file = ''], options }) => {
        const { checkFile } = await import('../check-file.js');
        return checkFile(shell, file, options);
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz check history.jsonl', 'byz check history.jsonl --steps 50000000 --json'],
    exitCodes: '0 valid, 1 a rule is violated, 2 unknown, 64 no history, 66 the file cannot be read.',
  });
}

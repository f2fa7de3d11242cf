/**
 * `byz evidence`.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';

export interface VerifyOptions {
  readonly json?: true;
}

export function evidenceCommand(shell: Shell): Command {
  const command = new Command('evidence').description('proofs that a general signed two orders');
  command.addCommand(verifyCommand(shell));
  return command;
}

function verifyCommand(shell: Shell): Command {
  const command = new Command('verify')
    .description('check a proof; needs nothing but the file')
    .argument('<file>', 'a proof, byzantine.proof/1')
    .option('--json', 'as a JSON document')
    .action(
      act<VerifyOptions>(shell, async ({ args: [file = ''], options }) => {
        const { verifyProof } = await import('../evidence/verify.js');
        return verifyProof(shell, options, file);
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz evidence verify proof.json', 'byz evidence verify proof.json --json'],
    exitCodes: '0 the proof holds, 1 it does not, 64 the file is no proof, 66 it cannot be read.',
  });
}

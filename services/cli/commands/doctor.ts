/**
 * `byz doctor`.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';

export interface DoctorOptions {
  readonly orchestrator?: string;
  readonly tuplespace?: string;
  readonly secretFile?: string;
  readonly json?: true;
}

export function doctorCommand(shell: Shell): Command {
  const command = new Command('doctor')
    .description(
      'look at everything that rounds need: versions, services, what the store keeps, clocks, ports',
    )
    .option('--orchestrator <host:port>', 'where the orchestrator is (orchestrator.address)')
    .option('--tuplespace <host:port>', 'where the tuple space is (tuplespace.address)')
    .option('--secret-file <path>', 'file with the bootstrap secret (tuplespace.enrol_secret_file)')
    .option('--json', 'as a JSON document')
    .action(
      act<DoctorOptions>(shell, async ({ options }) => {
        const { diagnose } = await import('../doctor.js');
        return diagnose(shell, options);
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz doctor', 'byz doctor --tuplespace space-1:7000,space-2:7000 --json'],
    exitCodes: '0 nothing is wrong, 69 something is, 78 wrong settings.',
  });
}

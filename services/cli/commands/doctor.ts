/**
 * `byz doctor`.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';

export interface DoctorOptions {
  readonly orchestrator?: string;
  readonly tuplespace?: string;
  readonly secretFile?: string;
  readonly json?: true;
}

export function doctorCommand(shell: Shell): Command {
  return new Command('doctor')
    .description(
      'look at everything that rounds need: versions, services, what the store keeps, clocks, ports',
    )
    .option('--orchestrator <host:port>', 'where the orchestrator is (orchestrator.address)')
    .option('--tuplespace <host:port>', 'where the tuple space is (tuplespace.address)')
    .option('--secret-file <path>', 'file with the bootstrap secret (tuplespace.enrol_secret_file)')
    .option('--json', 'as a JSON document')
    .addHelpText('after', '\nExit code: 0 nothing is wrong, 69 something is, 78 wrong settings.')
    .action(
      act<DoctorOptions>(shell, async ({ options }) => {
        const { diagnose } = await import('../doctor.js');
        return diagnose(shell, options);
      }),
    );
}

/**
 * `byz dev`.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd, serverExitCodes } from './help.js';
import { addStoreOptions, type StoreOptions } from './store-options.js';

export interface DevOptions extends StoreOptions {
  readonly nodes?: string;
  readonly tuplespace?: string;
  readonly orchestrator?: string;
  readonly generalNode?: string;
  readonly metricsAddress?: string;
  readonly dashboard?: string;
  readonly logLevel?: string;
}

export function devCommand(shell: Shell): Command {
  const command = addStoreOptions(new Command('dev'))
    .description('everything in one process, until Ctrl-C; in memory unless another store is named')
    .option('--nodes <count>', 'how many nodes (1 to 64, default: 4)')
    .option('--tuplespace <host:port>', 'where the tuple space listens (tuplespace.address)')
    .option('--orchestrator <host:port>', 'where the orchestrator listens (orchestrator.address)')
    .option(
      '--general-node <host:port>',
      'where the first node listens, the others above (general_node.address)',
    )
    .option('--metrics-address <host:port>', 'where all metrics are served (orchestrator.metrics_address)')
    .option('--dashboard <host:port>', 'where the dashboard is served, or "off" (dashboard.address)')
    .option(
      '--log-level <level>',
      'the least of what is logged: debug, info, warn, error or silent (default: warn)',
    )
    .action(
      act<DevOptions>(shell, async ({ options }) => {
        const { runDev } = await import('../run-dev.js');
        return runDev(shell, options);
      }),
    );
  return addHelpEnd(command, {
    examples: [
      'byz dev',
      'byz dev --nodes 7 --dashboard 127.0.0.1:7280',
      'byz dev --backend redis --redis-url redis://localhost:6379',
    ],
    exitCodes: serverExitCodes,
  });
}

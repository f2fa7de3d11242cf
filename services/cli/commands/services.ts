/**
 * `byz tuplespace`, `byz general-node` and `byz orchestrator`: one service in this process.
 */
import { Command } from 'commander';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd, serverExitCodes } from './help.js';
import { addStoreOptions, type StoreOptions } from './store-options.js';

export interface ServiceOptions extends StoreOptions {
  readonly address?: string;
  readonly tuplespace?: string;
  readonly nodeId?: string;
  readonly generals?: string;
  readonly chaos?: true;
  readonly enrolSecretFile?: string;
  readonly metricsAddress?: string;
  readonly dashboard?: string;
  readonly dashboardKeyFile?: string;
  readonly logLevel?: string;
}

export function serviceCommands(shell: Shell): readonly Command[] {
  const tuplespace = addStoreOptions(
    new Command('tuplespace').description('serve the tuple space until a signal'),
  ).action(
    act<ServiceOptions>(shell, async ({ options }) => {
      const { runTupleSpace } = await import('../run-service.js');
      return runTupleSpace(shell, options);
    }),
  );
  const generalNode = new Command('general-node')
    .description('host generals until a signal')
    .option('--node-id <id>', "the node's own id (general_node.node_id; default: made)")
    .option(
      '--tuplespace <host:port[,...]>',
      'where the replicas of the tuple space are (general_node.tuplespace)',
    )
    .option('--generals <ids>', 'the generals that it brings, separated by commas (default: any)')
    .option('--chaos', 'let whoever reaches it crash or hang it (general_node.chaos)')
    .action(
      act<ServiceOptions>(shell, async ({ options }) => {
        const { runGeneralNode } = await import('../run-service.js');
        return runGeneralNode(shell, options);
      }),
    );
  const orchestrator = new Command('orchestrator')
    .description('start and judge rounds until a signal')
    .option(
      '--tuplespace <host:port[,...]>',
      'where the replicas of the tuple space are (orchestrator.tuplespace)',
    )
    .option('--dashboard <host:port>', 'where it serves the dashboard, or "off" (dashboard.address)')
    .option(
      '--dashboard-key-file <path>',
      'file with the key that lets a page start rounds (dashboard.key_file)',
    )
    .action(
      act<ServiceOptions>(shell, async ({ options }) => {
        const { runOrchestrator } = await import('../run-service.js');
        return runOrchestrator(shell, options);
      }),
    );
  return [
    addServiceOptions(tuplespace, [
      'byz tuplespace',
      'byz tuplespace --backend redis --redis-url redis://localhost:6379 --redis-password-file ./redis.password',
    ]),
    addServiceOptions(generalNode, [
      'byz general-node --node-id node1',
      'byz general-node --address localhost:8001 --tuplespace localhost:7000 --generals general-2,general-3',
    ]),
    addServiceOptions(orchestrator, [
      'byz orchestrator',
      'byz orchestrator --tuplespace space-1:7000,space-2:7000 --dashboard off',
    ]),
  ];
}

function addServiceOptions(command: Command, examples: readonly string[]): Command {
  const section = command.name().replace('-', '_');
  addHelpEnd(command, { examples, exitCodes: serverExitCodes });
  return command
    .option('--address <host:port>', `where it listens (${section}.address)`)
    .option('--enrol-secret-file <path>', `file with the bootstrap secret (${section}.enrol_secret_file)`)
    .option(
      '--metrics-address <host:port>',
      `where it serves metrics (${section}.metrics_address; default: none)`,
    )
    .option('--log-level <level>', 'the least of what is logged (log.level)');
}

/**
 * Connections of commands to running services.
 */
import type { Orchestrator } from '../orchestrator/index.js';
import { OrchestratorClient, orchestratorKeys } from '../orchestrator/index.js';
import { GrpcChannel, readSecretFile } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';
import { connectService, Replicas, tupleSpaceKeys } from '../tuplespace/index.js';
import type { TargetOptions } from './commands/target-options.js';
import { loadCommandSettings } from './settings.js';
import type { GlobalOptions, Shell } from './shell.js';
import { checkClear, tlsOf } from './tls.js';

/** Lends the orchestrator that the flags or the settings name. */
export async function withOrchestrator<Result>(
  shell: Shell,
  options: TargetOptions & GlobalOptions,
  use: (orchestrator: Orchestrator, address: string) => Promise<Result>,
): Promise<Result> {
  const settings = loadCommandSettings(shell, options);
  const address = options.target ?? options.orchestrator ?? settings.values(orchestratorKeys).address;
  const channel = new GrpcChannel(address, { tls: tlsOf(settings), serverName: 'orchestrator' });
  try {
    return await use(new OrchestratorClient(channel), address);
  } finally {
    channel.close();
  }
}

/**
 * Lends the spaces that the flags or the settings name; with a secret as a client of its own name, else as
 * anonymous.
 */
export async function withSpace<Result>(
  shell: Shell,
  options: TargetOptions & GlobalOptions,
  use: (space: TupleSpace) => Promise<Result>,
): Promise<Result> {
  const settings = loadCommandSettings(shell, options);
  const keys = settings.values(tupleSpaceKeys);
  const target = options.target ?? options.tuplespace ?? keys.address;
  const replicas = new Replicas(target, { tls: tlsOf(settings) });
  // Somebody waits for the answer: one more try, not many.
  const connect = connectService(replicas, { retry: { attemptsMax: 2 } });
  const door = connect('');
  try {
    const path = options.secretFile ?? keys.enrolSecretFile;
    if (path === '') return await use(door.space);
    checkClear(settings, target, options.insecureDev);
    const secret = readSecretFile(
      path,
      options.secretFile === undefined ? tupleSpaceKeys.enrolSecretFile.path : '--secret-file',
    );
    const { token } = await door.space.enrol({ kind: 'client', id: 'byz', secret });
    const connection = connect(token);
    try {
      return await use(connection.space);
    } finally {
      await connection.close();
    }
  } finally {
    await door.close();
    replicas.close();
  }
}

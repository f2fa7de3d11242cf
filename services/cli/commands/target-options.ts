/**
 * The flags that say which service a command talks to.
 */
import type { Command } from 'commander';

export interface TargetOptions {
  /** `host:port` of whichever service the command talks to. */
  readonly target?: string;
  readonly orchestrator?: string;
  readonly tuplespace?: string;
  readonly secretFile?: string;
  readonly insecureDev?: true;
}

export function addOrchestratorTarget(command: Command): Command {
  return command
    .option('--orchestrator <host:port>', 'where the orchestrator is (orchestrator.address)')
    .option('--target <host:port>', 'the same');
}

export function addSpaceTarget(command: Command): Command {
  return command
    .option(
      '--tuplespace <host:port[,...]>',
      'where the replicas of the tuple space are (tuplespace.address)',
    )
    .option('--target <host:port>', 'the same')
    .option('--secret-file <path>', 'file with the bootstrap secret (tuplespace.enrol_secret_file)')
    .option('--insecure-dev', 'send the secret in clear to any address (tls.insecure_dev)');
}

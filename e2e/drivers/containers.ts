/**
 * The container driver: the compose file of this repository, scaled, on ports of the engine's choice.
 */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DockerComposeEnvironment, Wait } from 'testcontainers';
import type { Deployment } from './deployment.js';

/** Tests run from the project's folder. */
const projectFolder = resolve('.');
const startMsMax = 300_000;

/** Builds the image and starts the compose file with this many general-nodes; resolves once all are healthy. */
export async function startContainers({ nodeCount }: { readonly nodeCount: number }): Promise<Deployment> {
  const scale = join(tmpdir(), `byzantine-scale-${process.pid}.yml`);
  await writeFile(scale, `services:\n  general-node:\n    scale: ${nodeCount}\n`);
  const started = await new DockerComposeEnvironment(projectFolder, ['docker-compose.yml', scale])
    .withBuild()
    // Any free port of the engine: another copy may be running beside the tests.
    .withEnvironment({ PUBLISHED_TUPLESPACE_PORT: '0', PUBLISHED_ORCHESTRATOR_PORT: '0' })
    .withStartupTimeout(startMsMax)
    .withWaitStrategy('secrets-1', Wait.forOneShotStartup())
    .up();
  const at = (service: string, port: number): string => {
    const container = started.getContainer(`${service}-1`);
    return `${container.getHost()}:${container.getMappedPort(port)}`;
  };
  return {
    orchestrator: at('orchestrator', 7100),
    tuplespace: at('tuplespace', 7000),
    nodeCount,
    stop: async () => void (await started.down({ removeVolumes: true })),
  };
}

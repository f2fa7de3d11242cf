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

/** A profile of the compose file: what the tuple space runs on. */
export type Profile = 'redis' | 'postgres';

export interface ContainerOptions {
  readonly profile: Profile;
  readonly nodeCount: number;
  /** Replicas of the tuple space. */
  readonly replicaCount: number;
}

/** Builds the image and starts a profile of the compose file, scaled; resolves once all are healthy. */
export async function startContainers(options: ContainerOptions): Promise<Deployment> {
  const { profile, nodeCount, replicaCount } = options;
  const tuplespace = profile === 'redis' ? 'tuplespace' : `tuplespace-${profile}`;
  const scale = join(tmpdir(), `byzantine-scale-${process.pid}.yml`);
  await writeFile(
    scale,
    `services:\n  general-node:\n    scale: ${nodeCount}\n  ${tuplespace}:\n    scale: ${replicaCount}\n`,
  );
  const started = await new DockerComposeEnvironment(projectFolder, ['docker-compose.yml', scale])
    .withBuild()
    .withProfiles(profile)
    // Any free port of the engine: another copy may be running beside the tests.
    .withEnvironment({
      PUBLISHED_TUPLESPACE_PORT: '0',
      PUBLISHED_ORCHESTRATOR_PORT: '0',
      PUBLISHED_DASHBOARD_PORT: '0',
    })
    .withStartupTimeout(startMsMax)
    .withWaitStrategy('secrets-1', Wait.forOneShotStartup())
    .withWaitStrategy('store-secret-1', Wait.forOneShotStartup())
    .up();
  const at = (name: string, port: number): string => {
    const container = started.getContainer(name);
    return `${container.getHost()}:${container.getMappedPort(port)}`;
  };
  return {
    orchestrator: at('orchestrator-1', 7100),
    tuplespace: Array.from({ length: replicaCount }, (_, i) => at(`${tuplespace}-${i + 1}`, 7000)).join(','),
    nodeCount,
    stop: async () => void (await started.down({ removeVolumes: true })),
  };
}

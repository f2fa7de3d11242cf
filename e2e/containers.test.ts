/**
 * The suite on containers: the compose file with each store that it knows, scaled to four nodes. Where no engine answers it says SKIPPED and why.
 */
import { spawnSync } from 'node:child_process';
import { startContainers } from './drivers/containers.js';
import type { Deployment } from './drivers/deployment.js';
import { roundsSuite } from './rounds.suite.js';

/** Image build included. */
const startMsMax = 600_000;

const engine = spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], {
  encoding: 'utf8',
  timeout: 20_000,
});
const whyNot =
  engine.status === 0 ? undefined : (engine.error?.message ?? engine.stderr.trim().split('\n').at(-1));

if (whyNot === undefined) {
  describe.each(['redis', 'postgres'] as const)(
    'containers over %s, two replicas of the tuple space',
    (profile) => {
      let deployment: Deployment | undefined;

      beforeAll(async () => {
        deployment = await startContainers({ profile, nodeCount: 4, replicaCount: 2 });
      }, startMsMax);

      afterAll(async () => {
        await deployment?.stop();
      }, 60_000);

      roundsSuite(() => {
        if (deployment === undefined) throw new Error('the containers did not start');
        return deployment;
      });
    },
  );
} else {
  test.skip(`containers: SKIPPED, no container engine answers: ${whyNot}`, () => {});
}

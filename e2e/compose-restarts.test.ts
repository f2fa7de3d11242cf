/**
 * Containers that are started anew while rounds run on them, over each store: every service and the store itself, one at a time, as an
 * upgrade does it. Where no engine answers it says SKIPPED and why.
 */
import { Compose, whyNoEngine } from './drivers/compose.js';

/** Image build included. */
const buildMsMax = 600_000;
const testMsMax = 120_000;
const up = 'docker compose up --detach --no-recreate --scale general-node=4 --wait';

if (whyNoEngine === undefined) {
  describe.each([
    { store: 'redis', tuplespace: 'tuplespace' },
    { store: 'postgres', tuplespace: 'tuplespace-postgres' },
  ])('over $store', ({ store, tuplespace }) => {
    let compose: Compose;

    beforeAll(async () => {
      compose = await Compose.open(`restarts-${store}`, { profile: store });
      await compose.run(up);
    }, buildMsMax);

    afterAll(() => compose.close(), testMsMax);

    test.each([tuplespace, store, 'orchestrator'])(
      '%s is started anew while rounds run: it costs time, never a fault',
      (service) =>
        compose.underLoad(async () => {
          await compose.run(`docker compose restart ${service}`);
          await compose.run(up);
          await compose.nodesAre(4);
        }),
      testMsMax,
    );

    test(
      'a node is started anew while rounds run, and its generals go on elsewhere',
      () =>
        compose.underLoad(async () => {
          const [first] = (await compose.run('docker compose ps --quiet general-node')).split('\n');
          await compose.run(`docker restart ${first}`);
          await compose.nodesAre(4);
        }),
      testMsMax,
    );

    test(
      'nodes come and go while rounds run, and no round notices',
      () =>
        compose.underLoad(async () => {
          await compose.run('docker compose up --detach --no-recreate --scale general-node=6');
          await compose.nodesAre(6);
          await compose.run('docker compose up --detach --no-recreate --scale general-node=4');
          await compose.nodesAre(4);
        }),
      testMsMax,
    );
  });
} else {
  test.skip(`restarts of containers: SKIPPED, no container engine answers: ${whyNoEngine}`, () => {});
}

/**
 * The lines of the README on a real engine, and the profile for trying faults. Where no engine answers it says SKIPPED and why.
 */
import { readFileSync } from 'node:fs';
import { Compose, whyNoEngine } from './drivers/compose.js';
import { eventually } from './drivers/deployment.js';

/** Image build included. */
const buildMsMax = 600_000;
const testMsMax = 120_000;
/** From built images to healthy. */
const upMsMax = 30_000;

/** The commands of the README's part on containers, without their remarks. */
function readmeLines(): readonly string[] {
  const [, block = ''] =
    /## The same with containers\n+```\n([^`]+)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  return block
    .trim()
    .split('\n')
    .map((line) => line.replace(/\s+# .*$/, ''));
}

if (whyNoEngine === undefined) {
  let compose: Compose;

  beforeAll(async () => {
    compose = await Compose.open('readme');
  }, buildMsMax);

  afterAll(() => compose.close(), testMsMax);

  const [up = '', nodes = '', round = '', client = '', down = ''] = readmeLines();

  test(
    'the lines of the README: up, a look at the nodes, a round, the same by a plain client',
    async () => {
      const startMs = performance.now();
      await compose.run(up);
      expect(performance.now() - startMs).toBeLessThan(upMsMax);
      expect((await compose.run(nodes)).match(/ live /g)).toHaveLength(4);
      expect(await compose.run(round)).toContain('PASS');
      expect(await compose.run(client.replace('127.0.0.1:7100', compose.address))).toContain(
        'agreement holds',
      );
      const page = await fetch(`http://${compose.dashboard}/`);
      expect(await page.text()).toContain('<title>Byzantine Generals');
    },
    testMsMax,
  );

  test(
    'the last line leaves no container behind',
    async () => {
      await compose.run(down);
      expect(await compose.run('docker compose --profile "*" ps --all --quiet')).toBe('');
    },
    testMsMax,
  );

  test(
    'the profile chaos: a node that is crashed is started again by the engine, one that hangs can be woken',
    async () => {
      await compose.run('docker compose --profile chaos up --scale chaos-node=2 --wait');
      await compose.nodesAre(2);
      const live = async () => {
        const all = await compose.orchestrator.listNodes();
        return all.filter(({ state }) => state === 'live').map(({ node }) => node);
      };
      const [first = '', second = ''] = await live();
      await compose.run(`./scripts/byz fault crash ${first}`);
      await eventually('another process in its place', async () => {
        const now = await live();
        return now.length === 2 && !now.includes(first) ? true : undefined;
      });
      await compose.run(`./scripts/byz fault hang ${second} --for 5m`);
      await compose.nodesAre(1);
      await compose.run(`./scripts/byz fault recover ${second}`);
      await compose.nodesAre(2);
    },
    testMsMax,
  );
} else {
  test.skip(`the README on containers: SKIPPED, no container engine answers: ${whyNoEngine}`, () => {});
}

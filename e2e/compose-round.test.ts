/**
 * The lines of the README on a real engine, and what a deployment must bear while rounds run on it: nodes that come and go, and every
 * service and the store started anew, one at a time. Where no engine answers it says SKIPPED and why.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { OrchestratorClient } from '../services/orchestrator/index.js';
import { GrpcChannel } from '../services/runtime/index.js';
import { freePort } from '../services/tuplespace/testing/free-port.js';
import { eventually } from './drivers/deployment.js';
import { RoundStream } from './drivers/round-stream.js';

/** Image build included. */
const buildMsMax = 600_000;
const testMsMax = 120_000;
/** From built images to healthy. */
const upMsMax = 30_000;

const engine = spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], {
  encoding: 'utf8',
  timeout: 20_000,
});
const whyNot =
  engine.status === 0 ? undefined : (engine.error?.message ?? engine.stderr.trim().split('\n').at(-1));

/** The commands of the README's part on containers, without their remarks. */
function readmeLines(): readonly string[] {
  const [, block = ''] =
    /## The same with containers\n+```\n([^`]+)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  return block
    .trim()
    .split('\n')
    .map((line) => line.replace(/\s+# .*$/, ''));
}

if (whyNot === undefined) {
  let environment: NodeJS.ProcessEnv;
  let channel: GrpcChannel;
  let orchestrator: OrchestratorClient;

  beforeAll(async () => {
    const port = await freePort();
    environment = {
      ...process.env,
      COMPOSE_PROJECT_NAME: `byzantine-round-${process.pid}`,
      // Another copy may be running beside the tests.
      PUBLISHED_ORCHESTRATOR_PORT: String(port),
      PUBLISHED_DASHBOARD_PORT: String(await freePort()),
      PUBLISHED_TUPLESPACE_PORT: String(await freePort()),
      BYZANTINE_ORCHESTRATOR_ADDRESS: `127.0.0.1:${port}`,
    };
    channel = new GrpcChannel(`127.0.0.1:${port}`);
    orchestrator = new OrchestratorClient(channel);
    await run('docker compose build --quiet');
  }, buildMsMax);

  afterAll(async () => {
    channel.close();
    await run('docker compose --profile "*" down --volumes');
  }, testMsMax);

  /** Runs a line as a person would; gives what it printed. Errors: it failed, with what it said. */
  async function run(line: string): Promise<string> {
    const child = spawn('bash', ['-c', line], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${line}: ended with ${code}\n${stdout}${stderr}`);
    return stdout;
  }

  async function nodesAre(count: number): Promise<void> {
    await eventually(`${count} nodes are live`, async () => {
      const nodes = await orchestrator.listNodes().catch(() => []);
      return nodes.filter(({ state }) => state === 'live').length === count ? true : undefined;
    });
  }

  /** Rounds back to back, from before something happens until after it; each must be held, and no general late or lost. */
  async function underLoad(happening: () => Promise<void>): Promise<void> {
    const stop = new AbortController();
    const stream = new RoundStream({ orchestrator, seed: 7, signal: stop.signal });
    const running = stream.run();
    const rounds = (count: number) =>
      eventually(`round ${count}`, async () => (stream.figures.rounds >= count ? true : undefined));
    try {
      await rounds(1);
      await happening();
      await rounds(stream.figures.rounds + 2);
    } finally {
      stop.abort();
    }
    await running;
    expect(stream.figures).toMatchObject({ outside: 0, violated: [], unfinished: [], lost: 0 });
  }

  const [up = '', nodes = '', round = '', client = '', down = ''] = readmeLines();

  test(
    'the lines of the README: up, a look at the nodes, a round, the same by a plain client',
    async () => {
      const startMs = performance.now();
      await run(up);
      expect(performance.now() - startMs).toBeLessThan(upMsMax);
      expect((await run(nodes)).match(/ live /g)).toHaveLength(4);
      expect(await run(round)).toContain('PASS');
      const { BYZANTINE_ORCHESTRATOR_ADDRESS: address = '' } = environment;
      expect(await run(client.replace('127.0.0.1:7100', address))).toContain('agreement holds');
      const page = await fetch(`http://127.0.0.1:${environment['PUBLISHED_DASHBOARD_PORT']}/`);
      expect(await page.text()).toContain('<title>Byzantine Generals');
    },
    testMsMax,
  );

  test(
    'nodes come and go while rounds run, and no round notices',
    () =>
      underLoad(async () => {
        await run('docker compose up --detach --no-recreate --scale general-node=6');
        await nodesAre(6);
        await run('docker compose up --detach --no-recreate --scale general-node=4');
        await nodesAre(4);
      }),
    testMsMax,
  );

  test.each(['tuplespace', 'redis', 'orchestrator'])(
    '%s is started anew while rounds run: it costs time, never a fault',
    (service) =>
      underLoad(async () => {
        await run(`docker compose restart ${service}`);
        await run('docker compose up --detach --no-recreate --scale general-node=4 --wait');
        await nodesAre(4);
      }),
    testMsMax,
  );

  test(
    'a node is started anew while rounds run, and its generals go on elsewhere',
    () =>
      underLoad(async () => {
        const [first] = (await run('docker compose ps --quiet general-node')).split('\n');
        await run(`docker restart ${first}`);
        await nodesAre(4);
      }),
    testMsMax,
  );

  test(
    'the last line leaves no container behind',
    async () => {
      await run(down);
      expect(await run('docker compose --profile "*" ps --all --quiet')).toBe('');
    },
    testMsMax,
  );
  test(
    'the profile chaos: a node that is crashed is started again by the engine, one that hangs can be woken',
    async () => {
      await run('docker compose --profile chaos up --scale chaos-node=2 --wait');
      await nodesAre(2);
      const live = async () => {
        const all = await orchestrator.listNodes();
        return all.filter(({ state }) => state === 'live').map(({ node }) => node);
      };
      const [first = '', second = ''] = await live();
      await run(`./scripts/byz fault crash ${first}`);
      await eventually('another process in its place', async () => {
        const now = await live();
        return now.length === 2 && !now.includes(first) ? true : undefined;
      });
      await run(`./scripts/byz fault hang ${second} --for 5m`);
      await nodesAre(1);
      await run(`./scripts/byz fault recover ${second}`);
      await nodesAre(2);
    },
    testMsMax,
  );
} else {
  test.skip(`the README on containers: SKIPPED, no container engine answers: ${whyNot}`, () => {});
}

/**
 * The compose file as a person uses it: by its lines, in a project and on ports of its own.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { OrchestratorClient } from '../../services/orchestrator/index.js';
import { GrpcChannel } from '../../services/runtime/index.js';
import { freePort } from '../../services/tuplespace/testing/free-port.js';
import { eventually } from './deployment.js';
import { RoundStream } from './round-stream.js';

const engine = spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], {
  encoding: 'utf8',
  timeout: 20_000,
});

/** Why there is no container engine; undefined where one answers. */
export const whyNoEngine =
  engine.status === 0 ? undefined : (engine.error?.message ?? engine.stderr.trim().split('\n').at(-1));

export class Compose {
  readonly orchestrator: OrchestratorClient;
  /** `host:port` of the orchestrator, and of its dashboard. */
  readonly address: string;
  readonly dashboard: string;
  readonly #channel: GrpcChannel;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(
    name: string,
    { address, dashboard }: { address: string; dashboard: string },
    own: object,
  ) {
    this.address = address;
    this.dashboard = dashboard;
    this.#environment = {
      ...process.env,
      COMPOSE_PROJECT_NAME: `byzantine-${name}-${process.pid}`,
      BYZANTINE_ORCHESTRATOR_ADDRESS: address,
      ...own,
    };
    this.#channel = new GrpcChannel(address);
    this.orchestrator = new OrchestratorClient(this.#channel);
  }

  /**
   * Builds the image. `profile` is what is started where a line names none; absent: what .env says. `overlay` is a file that is laid over
   * docker-compose.yml.
   */
  static async open(
    name: string,
    { profile, overlay }: { readonly profile?: string; readonly overlay?: string } = {},
  ): Promise<Compose> {
    // Another copy may be running beside the tests.
    const ports = [await freePort(), await freePort(), await freePort()];
    const [orchestrator, dashboard, tuplespace] = ports.map(String);
    const compose = new Compose(
      name,
      { address: `127.0.0.1:${orchestrator}`, dashboard: `127.0.0.1:${dashboard}` },
      {
        PUBLISHED_ORCHESTRATOR_PORT: orchestrator,
        PUBLISHED_DASHBOARD_PORT: dashboard,
        PUBLISHED_TUPLESPACE_PORT: tuplespace,
        ...(profile === undefined ? {} : { COMPOSE_PROFILES: profile }),
        ...(overlay === undefined ? {} : { COMPOSE_FILE: `docker-compose.yml:${overlay}` }),
      },
    );
    await compose.run('docker compose build --quiet');
    return compose;
  }

  /** Ends and forgets all of it. */
  async close(): Promise<void> {
    this.#channel.close();
    await this.run('docker compose --profile "*" down --volumes');
  }

  /** Runs a line as a person would; gives what it printed. Errors: it failed, with what it said. */
  async run(line: string): Promise<string> {
    const child = spawn('bash', ['-c', line], { env: this.#environment, stdio: ['ignore', 'pipe', 'pipe'] });
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

  /** Resolves when so many nodes are live. */
  async nodesAre(count: number): Promise<void> {
    await eventually(`${count} nodes are live`, async () => {
      const nodes = await this.orchestrator.listNodes().catch(() => []);
      return nodes.filter(({ state }) => state === 'live').length === count ? true : undefined;
    });
  }

  /** Rounds back to back, from before something happens until after it; each must be held, and no general late or lost. */
  async underLoad(happening: () => Promise<void>): Promise<void> {
    const stop = new AbortController();
    const stream = new RoundStream({ orchestrator: this.orchestrator, seed: 7, signal: stop.signal });
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
}

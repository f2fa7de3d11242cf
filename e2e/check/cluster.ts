/**
 * A tuple space as it is deployed: the store's server, replicas of the service as processes, and links between all of them that can be
 * broken.
 */
import { systemClock, waitUntilServing } from '../../services/runtime/index.js';
import { freePort } from '../../services/tuplespace/testing/free-port.js';
import { startPostgresServer } from '../../services/tuplespace/testing/postgres-server.js';
import { startRedisServer } from '../../services/tuplespace/testing/redis-server.js';
import type { StoreServer } from '../../services/tuplespace/testing/server-process.js';
import { Link } from '../drivers/link.js';
import type { MachineClock } from '../drivers/machine-clock.js';
import { type ServiceProcess, startService } from '../drivers/processes.js';

export const backends = ['memory', 'redis', 'postgres'] as const;
export type Backend = (typeof backends)[number];

/** One replica of the service, with the link that clients reach it by. */
export interface Replica {
  readonly name: string;
  readonly port: number;
  readonly link: Link;
  /** To the store; undefined for the memory backend. */
  readonly storeLink: Link | undefined;
  process: ServiceProcess;
}

const startMsMax = 60_000;

export class Cluster {
  readonly backend: Backend;
  readonly store: StoreServer | undefined;
  /** That its processes go by; undefined: the real one. */
  readonly clock: MachineClock | undefined;
  readonly replicas: Replica[] = [];

  private constructor(backend: Backend, store: StoreServer | undefined, clock: MachineClock | undefined) {
    this.backend = backend;
    this.store = store;
    this.clock = clock;
  }

  /** Starts a store and `replicaCount` replicas, one for the memory backend, and waits until all serve. */
  static async start(backend: Backend, replicaCount: number, clock?: MachineClock): Promise<Cluster> {
    const cluster = new Cluster(backend, await startStore(backend, clock?.env), clock);
    try {
      const count = backend === 'memory' ? 1 : replicaCount;
      for (let i = 0; i < count; i += 1) {
        const port = await freePort();
        const storeLink = cluster.store && (await Link.open(cluster.store.port));
        const link = await Link.open(port);
        const name = `r${i}`;
        const process = await cluster.#launch({ name, port, storeLink });
        cluster.replicas.push({ name, port, link, storeLink, process });
      }
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** What a client connects to. */
  get addresses(): string {
    return this.replicas.map(({ link }) => `127.0.0.1:${link.port}`).join(',');
  }

  async kill({ process }: Replica): Promise<void> {
    await process.end('SIGKILL');
  }

  async restart(replica: Replica): Promise<void> {
    replica.process = await this.#launch(replica);
  }

  signal({ process: { pid } }: Replica, name: 'SIGSTOP' | 'SIGCONT'): void {
    process.kill(pid, name);
  }

  async stop(): Promise<void> {
    await Promise.all(this.replicas.map(({ process }) => process.end('SIGKILL')));
    for (const { link, storeLink } of this.replicas) {
      await link.close();
      await storeLink?.close();
    }
    await this.store?.stop();
    this.clock?.close();
  }

  async #launch({
    name,
    port,
    storeLink,
  }: Pick<Replica, 'name' | 'port' | 'storeLink'>): Promise<ServiceProcess> {
    const address = `127.0.0.1:${port}`;
    const service = startService(name, ['tuplespace', '--address', address], {
      address,
      ...this.clock?.env,
      BYZANTINE_TUPLESPACE_BACKEND: this.backend,
      ...this.#storeSettings(storeLink),
    });
    const serving = waitUntilServing(
      { address },
      { clock: systemClock, signal: AbortSignal.timeout(startMsMax) },
    );
    const ended = service.exited.then((code) => {
      throw new Error(`ended with ${code}`);
    });
    ended.catch(() => {});
    await Promise.race([serving, ended]).catch((error: unknown) => {
      throw new Error(`${name} over ${this.backend} did not start; its log:\n${service.log()}`, {
        cause: error,
      });
    });
    return service;
  }

  #storeSettings(storeLink: Link | undefined): Readonly<Record<string, string>> {
    if (this.store === undefined || storeLink === undefined) return {};
    const url = this.store.url.replace(`:${this.store.port}`, `:${storeLink.port}`);
    const variable = this.backend === 'redis' ? 'BYZANTINE_REDIS_URL' : 'BYZANTINE_POSTGRES_URL';
    return { [variable]: url };
  }
}

function startStore(
  backend: Backend,
  env: Readonly<Record<string, string>> | undefined,
): Promise<StoreServer> | undefined {
  switch (backend) {
    case 'memory':
      return undefined;
    case 'redis':
      return startRedisServer({ env });
    case 'postgres':
      return startPostgresServer({ env });
  }
}

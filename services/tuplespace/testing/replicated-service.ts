/**
 * Replicas of the service over one log, each behind a proxy that can cut it off, for tests.
 */
import { silentLog, systemClock } from '../../runtime/index.js';
import { type RunningTupleSpace, startTupleSpace } from '../start.js';
import { type LogOpener, ReplicatedStore, type ReplicatedStoreOptions } from '../stores/replica/index.js';
import { roomy } from './roomy.js';
import { TcpProxy } from './tcp-proxy.js';

export interface TestReplica {
  readonly store: ReplicatedStore;
  readonly service: RunningTupleSpace;
  readonly proxy: TcpProxy;
}

export class ReplicatedService {
  readonly replicas: readonly TestReplica[];

  private constructor(replicas: readonly TestReplica[]) {
    this.replicas = replicas;
  }

  static async start(
    opener: LogOpener,
    count: number,
    options: Partial<ReplicatedStoreOptions> = {},
  ): Promise<ReplicatedService> {
    const replicas: TestReplica[] = [];
    for (let i = 0; i < count; i += 1) {
      const store = new ReplicatedStore({
        clock: systemClock,
        opener,
        version: 'test',
        progressMs: 200,
        ...options,
      });
      const service = await startTupleSpace({
        address: '127.0.0.1:0',
        store,
        log: silentLog,
        ...roomy,
      });
      replicas.push({ store, service, proxy: await TcpProxy.open(service.address) });
    }
    return new ReplicatedService(replicas);
  }

  /** Of all proxies, with commas between. */
  get addresses(): string {
    return this.replicas.map(({ proxy }) => proxy.address).join(',');
  }

  /** How many calls wait in a space, by replica. */
  waiterCounts(space = 'default'): Promise<readonly number[]> {
    return this.#counts(space, 'waiterCount');
  }

  /** How many watches a space has, by replica. */
  watchCounts(space = 'default'): Promise<readonly number[]> {
    return this.#counts(space, 'watchCount');
  }

  async stop(): Promise<void> {
    await Promise.all(this.replicas.map(({ service }) => service.stop()));
    await Promise.all(this.replicas.map(({ proxy }) => proxy.close()));
  }

  #counts(space: string, count: 'waiterCount' | 'watchCount'): Promise<readonly number[]> {
    const found = this.replicas.map(async ({ store }) => {
      const { spaces } = await store.session('').listSpaces({ prefix: space });
      return spaces[0]?.[count] ?? 0;
    });
    return Promise.all(found);
  }
}

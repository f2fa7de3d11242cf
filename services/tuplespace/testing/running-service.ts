/**
 * A tuple space service over the memory store, for tests.
 */
import { type Clock, silentLog, systemClock } from '../../runtime/index.js';
import { TupleSpaceClient, type TupleSpaceClientOptions } from '../client.js';
import { type RunningTupleSpace, startTupleSpace, type TupleSpaceOptions } from '../start.js';
import { MemoryStore, type MemoryStoreOptions } from '../stores/memory/index.js';
import { roomy } from './roomy.js';

export interface TestServiceOptions {
  readonly clock?: Clock;
  readonly store?: Partial<MemoryStoreOptions>;
  readonly service?: Partial<TupleSpaceOptions>;
}

export class TestService {
  readonly store: MemoryStore;
  readonly clock: Clock;
  readonly #service: RunningTupleSpace;
  readonly #clients: TupleSpaceClient[] = [];

  private constructor(parts: { store: MemoryStore; clock: Clock; service: RunningTupleSpace }) {
    this.store = parts.store;
    this.clock = parts.clock;
    this.#service = parts.service;
  }

  static async start(options: TestServiceOptions = {}): Promise<TestService> {
    const clock = options.clock ?? systemClock;
    const store = new MemoryStore({ clock, version: 'test', ...options.store });
    const address = '127.0.0.1:0';
    const service = await startTupleSpace({
      address,
      store,
      clock,
      log: silentLog,
      ...roomy,
      ...options.service,
    });
    return new TestService({ store, clock, service });
  }

  get address(): string {
    return this.#service.address;
  }

  /** A client that is closed with the service. */
  client(options: Partial<TupleSpaceClientOptions> = {}): TupleSpaceClient {
    const client = new TupleSpaceClient({ service: this.address, clock: this.clock, ...options });
    this.#clients.push(client);
    return client;
  }

  /** Stops the service alone. */
  stopService(): Promise<void> {
    return this.#service.stop();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.#service.stop();
  }
}

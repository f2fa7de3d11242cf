/**
 * Right replicas over one log in this process, into which a fault is planted: around the calls of a client, or around the log.
 */
import { ServiceError, systemClock } from '../../../services/runtime/index.js';
import type { TupleSpace } from '../../../services/tuplespace/index.js';
import { type LogOpener, ReplicatedStore } from '../../../services/tuplespace/stores/replica/index.js';
import { MemoryLog } from '../../../services/tuplespace/stores/replica/memory-log.suite.js';

/** A fault that some tuple space has had. */
export interface PlantedFault {
  readonly fault: string;
  /** Rules of which at least one must be violated. */
  readonly caughtBy: readonly string[];
  /** Made for each run: gives the broken methods of a client's space, over the right ones. */
  readonly calls?: () => (right: TupleSpace) => Partial<TupleSpace>;
  /** The log as the replicas see it. */
  readonly log?: (right: MemoryLog) => LogOpener;
  /** Happens once in the middle of the run; the replicas are down meanwhile. */
  readonly crash?: (log: MemoryLog) => void;
}

export class PlantedSpace {
  readonly #fault: PlantedFault;
  readonly #log = new MemoryLog(systemClock);
  readonly #break: (right: TupleSpace) => Partial<TupleSpace>;
  #stores: ReplicatedStore[] = [];
  #turn = 0;

  constructor(fault: PlantedFault) {
    this.#fault = fault;
    this.#break = fault.calls?.() ?? (() => ({}));
  }

  async start(): Promise<void> {
    const opener = this.#fault.log?.(this.#log) ?? this.#log;
    const stores = [0, 1].map(
      () => new ReplicatedStore({ clock: systemClock, opener, version: 'planted', progressMs: 500 }),
    );
    for (const store of stores) await store.start();
    this.#stores = stores;
  }

  /** Ends all replicas, lets the log suffer, and starts others. */
  async crash(): Promise<void> {
    if (this.#fault.crash === undefined) return;
    await this.stop();
    this.#fault.crash(this.#log);
    await this.start();
  }

  async stop(): Promise<void> {
    const stores = this.#stores;
    this.#stores = [];
    await Promise.all(stores.map((store) => store.stop()));
  }

  /** Each call goes to the next replica. */
  connect(): TupleSpace {
    const next = (): TupleSpace => {
      this.#turn += 1;
      const store = this.#stores[this.#turn % this.#stores.length];
      if (store === undefined) throw new ServiceError('unavailable', 'the replicas are down');
      return store.session('');
    };
    // Any method, of whichever replica is next; what throws at once rejects like the rest.
    const right = new Proxy({} as TupleSpace, {
      get: (_, name) =>
        name === 'watch'
          ? (...given: Parameters<TupleSpace['watch']>) => next().watch(...given)
          : async (...given: unknown[]) => {
              const at = next() as unknown as Record<
                string | symbol,
                (...args: unknown[]) => Promise<unknown>
              >;
              return at[name]?.(...given);
            },
    });
    return Object.assign(Object.create(right) as TupleSpace, this.#break(right));
  }
}

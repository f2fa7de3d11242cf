/**
 * Composes the tuple space service: a store and the gRPC server in front of it.
 */
import {
  type Clock,
  type ConnectionLimits,
  type GrpcServer,
  type Log,
  startGrpcServer,
  systemClock,
  type Tls,
} from '../runtime/index.js';
import { tupleSpaceService } from './service.js';
import type { Store } from './store.js';

export interface TupleSpaceOptions {
  /** `host:port` to listen on; port 0 takes a free one. */
  readonly address: string;
  /** Started and stopped with the service. */
  readonly store: Store;
  readonly log: Log;
  /** Absent: in clear. */
  readonly tls?: Tls | undefined;
  readonly clock?: Clock;
  /** Longest message that is accepted, in bytes; default 8 MiB. */
  readonly messageBytesMax?: number;
  /** What those who connect may do; default: what the settings have as theirs. */
  readonly connections?: ConnectionLimits;
  /** Unanswered calls of one pipe; default 4,096. */
  readonly pipeCallsMax?: number;
  /** Enrolments in a second; default 100. */
  readonly enrolmentsPerSecondMax?: number;
}

export interface RunningTupleSpace {
  /** The `host:port` that it listens on, with the real port. */
  readonly address: string;
  /** Ends blocked calls with unavailable, then the server and the store. Idempotent. */
  stop(): Promise<void>;
}

/** Errors: invalid_argument (the address), failed_precondition (the port is in use), and those of the store's start. */
export async function startTupleSpace(options: TupleSpaceOptions): Promise<RunningTupleSpace> {
  const { address, store, log, clock = systemClock } = options;
  const { pipeCallsMax = 4_096, enrolmentsPerSecondMax = 100 } = options;
  const health = new StoreHealth(log);
  store.onHealth((isServing, reason) => health.hear(isServing, reason));
  await store.start();
  let server: GrpcServer;
  try {
    const services = [tupleSpaceService({ store, log, clock, pipeCallsMax, enrolmentsPerSecondMax })];
    server = await startGrpcServer({ ...options, address, services });
  } catch (error) {
    await store.stop();
    throw error;
  }
  health.tell(server);
  const { backend, durability } = store.facts();
  log.info('tuplespace.listening', { address: server.address, backend, durability });
  return {
    address: server.address,
    async stop() {
      await server.stop();
      await store.stop();
    },
  };
}

/** Passes on whether the store is there: to the server's health, and to the log. */
class StoreHealth {
  readonly #log: Log;
  #isServing = true;
  #reason = '';
  #server: GrpcServer | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  tell(server: GrpcServer): void {
    this.#server = server;
    server.setServing(this.#isServing);
  }

  hear(isServing: boolean, { message = 'not told' }: { readonly message?: string } = {}): void {
    this.#server?.setServing(isServing);
    const reason = isServing ? '' : message;
    // A store that stays away is tried again and again: a line for each reason is enough.
    const isNews = isServing !== this.#isServing || reason !== this.#reason;
    this.#isServing = isServing;
    this.#reason = reason;
    if (!isNews) return;
    if (isServing) this.#log.info('tuplespace.store_back');
    else this.#log.error('tuplespace.store_lost', { reason });
  }
}

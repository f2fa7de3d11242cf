/**
 * A store whose log is kept elsewhere, so that several replicas of the service can stand before it, and what it acknowledged is as
 * durable as that log.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../runtime/index.js';
import { hashToken } from '../../caller.js';
import { defaultLimits, limitCeilings, type SpaceLimits } from '../../limits.js';
import type { StoreFigures } from '../../metrics.js';
import type { TupleSpace } from '../../space.js';
import type { HealthListener, Store, StoreFacts } from '../../store.js';
import type { MachineOptions } from '../memory/index.js';
import type { SharedOptions } from './command.js';
import type { LogOpener } from './log.js';
import { Replica } from './replica.js';
import { ReplicaSession } from './session.js';

export interface ReplicatedStoreOptions extends Omit<MachineOptions, 'limits'> {
  readonly clock: Clock;
  readonly opener: LogOpener;
  /** What `getInfo` reports. */
  readonly version: string;
  /** Limits of spaces whose settings say nothing; default `defaultLimits`. */
  readonly limits?: SpaceLimits;
  /** How long a watch is idle before it sends a progress frame, in ms; default 5,000. */
  readonly progressMs?: number;
  /** Entries since the last snapshot that make another one worth it; default 50,000. */
  readonly snapshotEvery?: number;
}

export class ReplicatedStore implements Store {
  readonly #options: ReplicatedStoreOptions;
  readonly #instanceId = randomUUID();
  readonly #replica: Replica;
  readonly #shared: SharedOptions;
  #listener: HealthListener = () => {};

  constructor(options: ReplicatedStoreOptions) {
    this.#options = options;
    this.#shared = sharedOf(options);
    const { clock, opener, snapshotEvery } = options;
    this.#replica = new Replica({
      clock,
      opener,
      options: this.#shared,
      ...(snapshotEvery !== undefined && { snapshotEvery }),
      onHealth: (isServing, reason) => this.#listener(isServing, reason),
    });
  }

  onHealth(listener: HealthListener): void {
    this.#listener = listener;
  }

  start(): Promise<void> {
    return this.#replica.start();
  }

  stop(): Promise<void> {
    return this.#replica.stop();
  }

  facts(): StoreFacts {
    return this.#replica.facts;
  }

  /** The state as far as this replica has applied the log. Errors: unavailable. */
  dump(): Iterable<Uint8Array> {
    return this.#replica.machine.dump();
  }

  figures(): StoreFigures | undefined {
    return this.#replica.figures;
  }

  session(token: string): TupleSpace {
    const replica = this.#replica;
    return new ReplicaSession({
      replica,
      tokenHash: token === '' ? undefined : hashToken(token),
      enrolmentSecret: this.#options.enrolmentSecret,
      progressMs: this.#options.progressMs ?? 5_000,
      describe: () => ({
        ...replica.facts,
        instanceId: this.#instanceId,
        version: this.#options.version,
        storeTimeMs: replica.storeTime.nowMs(),
        spaceCount: replica.machine.spaces.size,
        limits: this.#shared.limits,
      }),
    });
  }
}

/** What all replicas must have in common, in one order of its fields. */
function sharedOf(options: ReplicatedStoreOptions): SharedOptions {
  return {
    limits: options.limits ?? defaultLimits,
    ceilings: options.ceilings ?? limitCeilings,
    historyMax: options.historyMax ?? 100_000,
    historyBytesMax: options.historyBytesMax ?? 256 * 1024 * 1024,
    auditMax: options.auditMax ?? 10_000,
    spacesMax: options.spacesMax ?? 10_000,
    tokensMax: options.tokensMax ?? 100_000,
    isAnonymousAllowed: options.isAnonymousAllowed ?? true,
  };
}

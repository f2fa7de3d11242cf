/**
 * The memory store: spaces in this process, gone with it. The same promises as the other stores but
 * durability, and for one process only.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../runtime/index.js';
import { hashToken } from '../../caller.js';
import { defaultLimits, limitCeilings, type SpaceLimits } from '../../limits.js';
import type { TupleSpace } from '../../space.js';
import type { Store } from '../../store.js';
import { Callers } from './callers.js';
import { MemorySession } from './session.js';
import { Spaces } from './spaces.js';
import { StoreTime } from './store-time.js';

export interface MemoryStoreOptions {
  readonly clock: Clock;
  /** What `getInfo` reports. */
  readonly version: string;
  /** Default: random. */
  readonly instanceId?: string;
  /** Limits of spaces whose settings say nothing; default `defaultLimits`. */
  readonly limits?: SpaceLimits;
  /** How far a space's settings may raise them; default `limitCeilings`. */
  readonly ceilings?: SpaceLimits;
  /**
   * Events that a space keeps for watches to resume from, where its settings say nothing; default 100,000.
   */
  readonly historyMax?: number;
  /** Canonical bytes of the tuples in those events; default 256 MiB. */
  readonly historyBytesMax?: number;
  /** Refused writes that a space keeps; default 10,000. */
  readonly auditMax?: number;
  /** Default 10,000. */
  readonly spacesMax?: number;
  /** Default 100,000. */
  readonly tokensMax?: number;
  /** What `enrol` asks for; undefined: anyone may enrol. */
  readonly enrolmentSecret?: string | undefined;
  /** Whether calls without a token are let in; default true. */
  readonly isAnonymousAllowed?: boolean;
  /** How long a watch is idle before it sends a progress frame, in ms; default 5,000. */
  readonly progressMs?: number;
}

export class MemoryStore implements Store {
  readonly #options: MemoryStoreOptions;
  readonly #instanceId: string;
  readonly #limits: SpaceLimits;
  readonly #time: StoreTime;
  readonly #spaces: Spaces;
  readonly #callers: Callers;

  constructor(options: MemoryStoreOptions) {
    const { clock, ceilings = limitCeilings, historyMax = 100_000, auditMax = 10_000 } = options;
    this.#options = options;
    this.#instanceId = options.instanceId ?? randomUUID();
    this.#limits = options.limits ?? defaultLimits;
    this.#time = new StoreTime(clock);
    this.#spaces = new Spaces({
      clock,
      time: this.#time,
      defaults: { limits: this.#limits, ceilings, historyMax },
      bounds: { historyBytesMax: options.historyBytesMax ?? 256 * 1024 * 1024, auditMax },
      spacesMax: options.spacesMax ?? 10_000,
    });
    this.#callers = new Callers({
      enrolmentSecret: options.enrolmentSecret,
      isAnonymousAllowed: options.isAnonymousAllowed ?? true,
      tokensMax: options.tokensMax ?? 100_000,
      nowMs: () => this.#time.nowMs(),
      hasSpace: (name) => this.#spaces.has(name),
    });
  }

  /** Errors: unavailable once it was stopped. */
  async start(): Promise<void> {
    this.#spaces.checkOpen();
  }

  async stop(): Promise<void> {
    this.#spaces.close();
  }

  session(token: string): TupleSpace {
    return new MemorySession({
      tokenHash: token === '' ? undefined : hashToken(token),
      callers: this.#callers,
      spaces: this.#spaces,
      clock: this.#options.clock,
      time: this.#time,
      progressMs: this.#options.progressMs ?? 5_000,
      describe: () => ({
        backend: 'memory',
        durability: 'process',
        instanceId: this.#instanceId,
        version: this.#options.version,
        storeTimeMs: this.#time.nowMs(),
        spaceCount: this.#spaces.size,
        limits: this.#limits,
      }),
    });
  }
}

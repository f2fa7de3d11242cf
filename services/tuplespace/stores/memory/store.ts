/**
 * The memory store: spaces in this process, gone with it. The same promises as the other stores but
 * durability, and for one process only.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../runtime/index.js';
import { createToken, hashToken } from '../../caller.js';
import { defaultLimits, type SpaceLimits } from '../../limits.js';
import type { StoreFigures } from '../../metrics.js';
import type { TupleSpace } from '../../space.js';
import type { Store, StoreFacts } from '../../store.js';
import { Machine, type MachineOptions } from './machine.js';
import { MemorySession } from './session.js';
import { StoreTime } from './store-time.js';

export interface MemoryStoreOptions extends Omit<MachineOptions, 'limits'> {
  readonly clock: Clock;
  /** What `getInfo` reports. */
  readonly version: string;
  /** Default: random. */
  readonly instanceId?: string;
  /** Where tokens and other texts that nobody may guess come from; default: the machine's. A simulation has its own. */
  readonly randomText?: (() => string) | undefined;
  /** Limits of spaces whose settings say nothing; default `defaultLimits`. */
  readonly limits?: SpaceLimits;
  /** How long a watch is idle before it sends a progress frame, in ms; default 5,000. */
  readonly progressMs?: number;
}

export class MemoryStore implements Store {
  readonly #options: MemoryStoreOptions;
  readonly #instanceId: string;
  readonly #limits: SpaceLimits;
  readonly #time: StoreTime;
  readonly #machine: Machine;

  constructor(options: MemoryStoreOptions) {
    const { clock, limits = defaultLimits } = options;
    this.#options = options;
    this.#instanceId = options.instanceId ?? randomUUID();
    this.#limits = limits;
    this.#time = new StoreTime(clock);
    const pace = { clock, time: this.#time, presentTime: this.#time, waitTime: this.#time };
    const { randomText } = options;
    const drive = {
      pace,
      randomText: randomText ?? randomUUID,
      createToken: randomText ?? createToken,
      areEffectsGuarded: true,
    };
    this.#machine = new Machine({ ...options, limits }, drive);
  }

  get soleInstanceId(): string {
    return this.#instanceId;
  }

  /** Memory is not lost while the process lives. */
  onHealth(): void {}

  /** Errors: unavailable once it was stopped. */
  async start(): Promise<void> {
    this.#machine.spaces.checkOpen();
  }

  async stop(): Promise<void> {
    this.#machine.spaces.close();
  }

  facts(): StoreFacts {
    return { backend: 'memory', durability: 'process', findings: [] };
  }

  figures(): StoreFigures {
    return this.#machine.figures();
  }

  session(token: string): TupleSpace {
    return new MemorySession({
      machine: this.#machine,
      tokenHash: token === '' ? undefined : hashToken(token),
      progressMs: this.#options.progressMs ?? 5_000,
      describe: () => ({
        ...this.facts(),
        instanceId: this.#instanceId,
        version: this.#options.version,
        storeTimeMs: this.#time.nowMs(),
        spaceCount: this.#machine.spaces.size,
        limits: this.#limits,
      }),
    });
  }
}

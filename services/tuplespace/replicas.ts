/**
 * The replicas of a service as a client knows them: where they are, which of them can be used, and whose turn it is. Calls go round
 * robin over all that are ready. Names are resolved anew while calls are made, so that replicas come and go without a restart; one that
 * broke is tried again, and is back in its turn when it answers.
 */
import {
  briskKeepalive,
  type Clock,
  onAbort,
  patientKeepalive,
  ServiceError,
  systemClock,
  type Tls,
} from '../runtime/index.js';
import type { Pipe } from './pipe.js';
import { ReplicaLink } from './replica-link.js';
import { type Lookup, ReplicaNames, systemLookup } from './replica-names.js';
import { SoleInstance } from './sole-instance.js';

/** How often names are resolved and lost replicas tried again, at most, in ms. */
const tendMs = 500;

/** How long a replica that answered unavailable is passed over while there are others, in ms. */
const restMs = 1_000;

export interface ReplicasOptions {
  /** Default: that of the machine, which asks DNS and the hosts file. */
  readonly lookup?: Lookup;
  readonly clock?: Clock;
  /** Absent: calls go in clear. */
  readonly tls?: Tls | undefined;
}

/** Opens nothing before the first call. Close it once, after the clients that share it. */
export class Replicas {
  readonly #names: ReplicaNames;
  readonly #text: string;
  readonly #clock: Clock;
  readonly #tls: Tls | undefined;
  /** By address; those that the names stand for now. */
  #links = new Map<string, ReplicaLink>();
  /** Links that the names no longer stand for, and that still have calls. */
  readonly #retired = new Set<ReplicaLink>();
  readonly #sole = new SoleInstance();
  readonly #events = {
    onChange: (link: ReplicaLink) => this.#changed(link),
    onUnavailable: (link: ReplicaLink) => this.rest(link),
  };
  readonly #restUntilMs = new Map<ReplicaLink, number>();
  readonly #lossListeners = new Set<() => void>();
  #ready: readonly ReplicaLink[] = [];
  #turn = 0;
  #tendAtMs = 0;
  #resolving: Promise<void> | undefined;
  #opening: Promise<void> | undefined;
  #isClosed = false;

  /** @param addresses `host:port`, or several with commas between. Errors: invalid_argument. */
  constructor(addresses: string, options: ReplicasOptions = {}) {
    const { lookup = systemLookup, clock = systemClock, tls } = options;
    this.#names = new ReplicaNames(addresses, lookup);
    this.#text = addresses;
    this.#clock = clock;
    this.#tls = tls;
  }

  /**
   * The replica whose turn it is; undefined while none is ready. Errors: cancelled (closed), failed_precondition (replicas that keep
   * their tuples apart).
   */
  next(): ReplicaLink | undefined {
    if (this.#isClosed) throw new ServiceError('cancelled', 'the client is closed');
    this.#tend();
    if (this.#sole.conflict !== undefined) throw this.#sole.conflict;
    const count = this.#ready.length;
    if (count <= 1) return this.#ready[0];
    for (let i = 0; i < count; i += 1) {
      this.#turn = (this.#turn + 1) % count;
      const link = this.#ready[this.#turn];
      if (link !== undefined && !this.#isResting(link)) return link;
    }
    return this.#ready[this.#turn];
  }

  /** As `next`, once there is one. Errors: also unavailable (none answers) and `signal.reason`. */
  async ready(signal?: AbortSignal): Promise<ReplicaLink> {
    for (;;) {
      const link = this.next();
      if (link !== undefined) return link;
      this.#opening ??= this.#openAny().finally(() => {
        this.#opening = undefined;
      });
      await unlessAborted(this.#opening, signal);
    }
  }

  /** All pipes that stand, those of replicas that are out of their turn included. */
  get pipes(): readonly Pipe[] {
    return [...this.#links.values(), ...this.#retired].flatMap(({ pipe }) =>
      pipe === undefined ? [] : [pipe],
    );
  }

  /** Passes a replica over for a while: it answered unavailable. */
  rest(link: ReplicaLink): void {
    this.#restUntilMs.set(link, this.#clock.monotonicMs() + restMs);
  }

  /** Calls `listener` whenever a replica that was ready is lost. The result stops that. */
  onLoss(listener: () => void): () => void {
    this.#lossListeners.add(listener);
    return () => this.#lossListeners.delete(listener);
  }

  /** Ends what is under way with cancelled. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const link of [...this.#links.values(), ...this.#retired]) link.close();
  }

  #isResting(link: ReplicaLink): boolean {
    const untilMs = this.#restUntilMs.get(link);
    if (untilMs === undefined) return false;
    if (this.#clock.monotonicMs() < untilMs) return true;
    this.#restUntilMs.delete(link);
    return false;
  }

  /** Behind the calls: looks for replicas that have come, gone or come back. */
  #tend(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#tendAtMs) return;
    const isFirst = this.#tendAtMs === 0;
    this.#tendAtMs = nowMs + tendMs;
    if (!isFirst)
      void this.#resolve().then(
        () => this.#openMissing(),
        () => {},
      );
  }

  #openMissing(): void {
    if (this.#isClosed) return;
    // A host's other family is another way to the same replicas.
    const families = new Set(this.#ready.map(familyOf));
    for (const link of this.#links.values()) {
      if (families.size === 0 || families.has(familyOf(link))) link.open().catch(() => {});
    }
  }

  /** Resolves when a replica is ready. Errors: unavailable, with why for each. */
  async #openAny(): Promise<void> {
    await this.#resolve();
    const attempts = [...this.#links.values()].map((link) => link.open());
    try {
      await Promise.any(attempts);
    } catch (error) {
      throw noneReady(this.#text, error);
    }
    // Tuples in memory allow no second replica; whether there is one must be known before the first is used.
    if (this.#sole.isPinned) await Promise.allSettled(attempts);
  }

  #resolve(): Promise<void> {
    this.#resolving ??= this.#resolveNames().finally(() => {
      this.#resolving = undefined;
    });
    return this.#resolving;
  }

  /** What cannot be resolved now keeps the addresses that it had. Errors: unavailable, when there are none at all. */
  async #resolveNames(): Promise<void> {
    const isEmpty = this.#links.size === 0;
    const found = await this.#names.resolve().catch((error) => {
      if (isEmpty) throw error;
      return undefined;
    });
    if (this.#isClosed || found === undefined) return;
    const { addresses, isWhole } = found;
    for (const [address, link] of this.#links) {
      if (addresses.has(address) || !isWhole) continue;
      this.#links.delete(address);
      this.#retire(link);
    }
    for (const address of addresses) {
      if (!this.#links.has(address)) this.#links.set(address, this.#link(address));
    }
    this.#update();
  }

  #link(address: string): ReplicaLink {
    const keepalive = this.#names.isOneAddress ? patientKeepalive : briskKeepalive;
    const security = { tls: this.#tls, serverName: 'tuplespace' };
    return new ReplicaLink(address, { keepalive, ...security, ...this.#events });
  }

  #changed(link: ReplicaLink): void {
    const isLost = link.pipe === undefined;
    if (isLost && this.#retired.delete(link)) link.close();
    if (this.#isClosed) return;
    if (isLost) this.#tendAtMs = Math.min(this.#tendAtMs, this.#clock.monotonicMs() + tendMs / 5);
    this.#update();
    if (isLost) for (const listener of this.#lossListeners) listener();
  }

  #update(): void {
    const ready = [...this.#links.values()].filter(({ pipe }) => pipe !== undefined);
    const family4 = ready.filter((link) => familyOf(link) === 4);
    this.#ready = family4.length > 0 ? family4 : ready;
    this.#sole.update(this.#ready, (address) => this.#links.has(address));
  }

  /** Takes it out of its turn; what is under way on it may end. */
  #retire(link: ReplicaLink): void {
    this.#restUntilMs.delete(link);
    if (link.pipe === undefined || link.pipe.isIdle) link.close();
    else this.#retired.add(link);
  }
}

function familyOf({ address }: ReplicaLink): 4 | 6 {
  return address.startsWith('[') ? 6 : 4;
}

function noneReady(text: string, error: unknown): unknown {
  const reasons = error instanceof AggregateError ? error.errors : [error];
  const other = reasons.find((reason) => !(reason instanceof ServiceError && reason.code === 'unavailable'));
  if (other !== undefined) return other;
  if (reasons.length === 1) return reasons[0];
  return new ServiceError('unavailable', `none of the replicas at ${text} answers`, { cause: error });
}

async function unlessAborted(waited: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return waited;
  let stopListening = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stopListening = onAbort(signal, reject);
  });
  try {
    await Promise.race([waited, aborted]);
  } finally {
    stopListening();
  }
}

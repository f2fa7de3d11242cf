/**
 * The leases that a client has tied to its streams. When it loses a replica, and lives on itself, it renews them over another before
 * their grace is over.
 */
import type { Clock } from '../runtime/index.js';
import type { LeaseAnswer, LeaseRequest } from './space.js';

export class TiedLeases {
  readonly #clock: Clock;
  readonly #tied = new Map<string, { readonly renewal: LeaseRequest; readonly endsAtMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What a lease call has done. */
  note({ space, ttlMs, graceMs }: LeaseRequest, { leaseId }: LeaseAnswer): void {
    const nowMs = this.#clock.monotonicMs();
    const key = JSON.stringify([space, leaseId]);
    this.#tied.delete(key);
    if (graceMs === undefined || ttlMs === 0) return;
    for (const [old, { endsAtMs }] of this.#tied) if (endsAtMs <= nowMs) this.#tied.delete(old);
    this.#tied.set(key, { renewal: { space, leaseId, ttlMs, graceMs }, endsAtMs: nowMs + ttlMs });
  }

  /** Renews all, side by side. Who holds a lease that is refused learns it with the next renewal of its own. */
  async renewAll(renew: (renewal: LeaseRequest) => Promise<unknown>): Promise<void> {
    await Promise.allSettled([...this.#tied.values()].map(({ renewal }) => renew(renewal)));
  }
}

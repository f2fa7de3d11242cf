/**
 * Leases that are tied to a stream: when it breaks they end after their grace, unless they are renewed before. That is how a
 * crashed client is noticed long before its lease runs out.
 */
import { type Clock, type Log, ServiceError, type StopTimer } from '../runtime/index.js';
import type { Leaser } from './byte-calls.js';
import type { LeaseRequest, TupleSpace } from './space.js';

/** One stream; leases are tied to it until it is over. */
export class TieOwner {
  isOver = false;
}

interface Tie {
  readonly owner: TieOwner;
  readonly space: TupleSpace;
  readonly spaceName: string;
  readonly leaseId: string;
  readonly graceMs: number;
  /** When the lease ends by itself: by the store's clock, and on the clock given. */
  readonly expiresAtMs: number;
  readonly endsAtMs: number;
  readonly stopTimer: StopTimer;
}

export class LeaseTies {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #ties = new Map<string, Tie>();

  constructor({ clock, log }: { clock: Clock; log: Log }) {
    this.#clock = clock;
    this.#log = log;
  }

  /** The lease call as made over this stream; without one it unties. The last renewal decides what a lease is tied to. */
  leaser(owner?: TieOwner): Leaser {
    return async (space, request, options) => {
      const answer = await space.lease(request, options);
      const key = JSON.stringify([request.space, answer.leaseId]);
      this.#untie(key);
      if (owner !== undefined && request.graceMs !== undefined && request.ttlMs > 0) {
        this.#tie(key, { owner, space, request, ...answer, graceMs: request.graceMs });
        if (owner.isOver) await this.end(owner);
      }
      return answer;
    };
  }

  /** The stream broke: the leases tied to it get their grace. */
  async end(owner: TieOwner): Promise<void> {
    owner.isOver = true;
    const tied = [...this.#ties].filter(([, tie]) => tie.owner === owner);
    for (const [key] of tied) this.#untie(key);
    await Promise.all(tied.map(([, tie]) => this.#shorten(tie)));
  }

  /** The service stops: the streams end, but not because their clients did. */
  forget(owner: TieOwner): void {
    owner.isOver = true;
    for (const [key, tie] of this.#ties) if (tie.owner === owner) this.#untie(key);
  }

  #tie(
    key: string,
    {
      owner,
      space,
      request,
      leaseId,
      graceMs,
      expiresAtMs,
    }: Pick<Tie, 'owner' | 'space' | 'leaseId' | 'graceMs' | 'expiresAtMs'> & {
      request: LeaseRequest;
    },
  ): void {
    const { ttlMs } = request;
    const endsAtMs = this.#clock.monotonicMs() + ttlMs;
    const stopTimer = this.#clock.after(ttlMs, () => this.#ties.delete(key));
    const spaceName = request.space;
    this.#ties.set(key, { owner, space, spaceName, leaseId, graceMs, expiresAtMs, endsAtMs, stopTimer });
  }

  #untie(key: string): void {
    this.#ties.get(key)?.stopTimer();
    this.#ties.delete(key);
  }

  async #shorten({ space, spaceName, leaseId, graceMs, expiresAtMs, endsAtMs }: Tie): Promise<void> {
    if (endsAtMs - this.#clock.monotonicMs() <= graceMs) return;
    try {
      // Not if it was renewed since, over a stream to another replica.
      await space.lease({ space: spaceName, leaseId, ttlMs: graceMs, ifExpiresAtMs: expiresAtMs });
      this.#log.info('lease.grace', { space: spaceName, graceMs });
    } catch (error) {
      const isSettled =
        error instanceof ServiceError && ['not_found', 'failed_precondition', 'aborted'].includes(error.code);
      if (!isSettled) this.#log.warn('lease.grace_refused', { space: spaceName, graceMs, error });
    }
  }
}

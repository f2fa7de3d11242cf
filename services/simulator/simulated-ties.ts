/**
 * Leases tied to a host's connection, as the service ties them: when it breaks they end after their grace, unless they are renewed
 * before. A host that lives on renews them as soon as it notices, as the gRPC client does.
 */
import type { LeaseAnswer, LeaseRequest, TupleSpace } from '../tuplespace/index.js';
import type { Connected, Host } from './host.js';
import type { Network } from './network.js';

export interface TiesOptions {
  readonly host: Host;
  readonly network: Network;
  /** The spaces at the other end. */
  readonly space: TupleSpace;
  /** Makes a lease call of the host over the network. */
  readonly renew: (renewal: LeaseRequest) => Promise<unknown>;
}

interface Tie {
  readonly renewal: LeaseRequest & { readonly leaseId: string };
  readonly expiresAtMs: number;
}

export class SimulatedTies implements Connected {
  readonly #options: TiesOptions;
  readonly #ties = new Map<string, Tie>();

  constructor(options: TiesOptions) {
    this.#options = options;
  }

  /** What a lease call has done. */
  note({ space, ttlMs, graceMs }: LeaseRequest, { leaseId, expiresAtMs }: LeaseAnswer): void {
    const key = JSON.stringify([space, leaseId]);
    this.#ties.delete(key);
    if (graceMs === undefined || ttlMs === 0) return;
    this.#ties.set(key, { renewal: { space, leaseId, ttlMs, graceMs }, expiresAtMs });
    this.#options.host.connected.add(this);
  }

  break(): void {
    const { host, network, renew } = this.#options;
    const tied = [...this.#ties.values()];
    for (const tie of tied) network.clock.after(network.noticeMs(), () => void this.#shorten(tie));
    host.after(network.noticeMs(), () => {
      for (const { renewal } of tied) renew(renewal).catch(() => {});
    });
  }

  /** The holder wants them no more. */
  end(): void {
    this.#ties.clear();
    this.#options.host.connected.delete(this);
  }

  async #shorten({ renewal: { space, leaseId, graceMs = 0 }, expiresAtMs }: Tie): Promise<void> {
    const { network } = this.#options;
    if (expiresAtMs - network.clock.wallMs() <= graceMs) return;
    network.note('space', 'grace', { leaseId });
    // Refused when it was renewed since, or is over.
    const shortened = { space, leaseId, ttlMs: graceMs, ifExpiresAtMs: expiresAtMs };
    await this.#options.space.lease(shortened).catch(() => {});
  }
}

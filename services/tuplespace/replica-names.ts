/**
 * The names of a service's replicas, and the IP addresses that they stand for at the moment.
 */
import { lookup } from 'node:dns/promises';
import { type Address, formatAddress, parseAddresses, ServiceError } from '../runtime/index.js';

/** The IP addresses of a host. */
export type Lookup = (
  host: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** Asks DNS and the hosts file, as the machine is set up. */
export const systemLookup: Lookup = (host) => lookup(host, { all: true });

export class ReplicaNames {
  readonly #text: string;
  readonly #names: readonly Address[];
  readonly #lookup: Lookup;

  /** @param text as `parseAddresses` takes it. Errors: invalid_argument. */
  constructor(text: string, lookup: Lookup) {
    this.#text = text;
    this.#names = parseAddresses(text);
    this.#lookup = lookup;
  }

  /** True when there can never be a second replica. */
  get isOneAddress(): boolean {
    return this.#names.length === 1 && this.#names.every(({ host }) => isNumeric(host));
  }

  /**
   * Every address, as `host:port` with a numeric host, each once; `isWhole` is false when a name could not be resolved. Errors:
   * unavailable, when none could.
   */
  async resolve(): Promise<{ readonly addresses: ReadonlySet<string>; readonly isWhole: boolean }> {
    const found = await Promise.allSettled(this.#names.map((name) => this.#addressesOf(name)));
    const addresses = new Set(found.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])));
    const failed = found.find((one) => one.status === 'rejected');
    if (addresses.size === 0) {
      throw new ServiceError('unavailable', `${this.#text} cannot be resolved`, { cause: failed?.reason });
    }
    return { addresses, isWhole: failed === undefined };
  }

  async #addressesOf({ host, port }: Address): Promise<readonly string[]> {
    if (isNumeric(host)) return [formatAddress({ host, port })];
    const found = await this.#lookup(host);
    return found.map(({ address, family }) =>
      formatAddress({ host: family === 6 ? `[${address}]` : address, port }),
    );
  }
}

function isNumeric(host: string): boolean {
  return host.startsWith('[') || /^[\d.]+$/.test(host);
}

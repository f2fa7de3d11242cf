/**
 * Addresses of services: `host:port`, the host a name, an IPv4 address, or an IPv6 address in brackets.
 */
import { invalidArgument } from './errors.js';

export interface Address {
  readonly host: string;
  /** 0 to 65535; 0 only for a listener, which then gets a free port. */
  readonly port: number;
}

/**
 * Parses `host:port`. Errors: invalid_argument, naming `field`.
 *
 * @param field the setting or flag that the text comes from
 */
export function parseAddress(text: string, field = 'address'): Address {
  const [, host, digits] = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || port > 65_535) {
    throw invalidArgument(field, `"${text}" is not host:port with a port from 0 to 65535`);
  }
  return { host, port };
}

/** Most addresses that stand for one service. */
const addressesMax = 64;

/**
 * Parses where the replicas of a service are: `host:port`, or several with commas between. A name stands for all that it resolves to;
 * `dns:///` before it, as gRPC writes it, says the same. Errors: invalid_argument, naming `field`.
 */
export function parseAddresses(text: string, field = 'address'): readonly Address[] {
  const parts = text.split(',');
  if (parts.length > addressesMax) {
    throw invalidArgument(field, `has ${parts.length} addresses, allowed are ${addressesMax}`);
  }
  return parts.map((part) => parseAddress(part.trim().replace(/^dns:\/\/\//, ''), field));
}

/** The text of an address. */
export function formatAddress({ host, port }: Address): string {
  return `${host}:${port}`;
}

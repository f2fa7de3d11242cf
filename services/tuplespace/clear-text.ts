/**
 * Where a token or a secret may be sent in clear: to this machine and inside private networks, such as those of containers; elsewhere
 * anybody on the way could use it. A name without a dot is known only inside such a network.
 */
import { BlockList, isIP } from 'node:net';
import { parseAddresses, ServiceError } from '../runtime/index.js';

/** RFC 1918 and RFC 4193, loopback and link-local. */
const internal = new BlockList();
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  internal.addSubnet(network, bits, 'ipv4');
internal.addAddress('::1', 'ipv6');
internal.addSubnet('fc00::', 7, 'ipv6');
internal.addSubnet('fe80::', 10, 'ipv6');

const internalNames = /^[^.]+$|\.(?:internal|local|localhost|svc)$/i;

/**
 * Refuses addresses (`host:port`, with commas between) that a token would cross an open network to. Errors: failed_precondition, invalid_argument.
 */
export function checkClearText(addresses: string): void {
  for (const { host } of parseAddresses(addresses)) {
    if (isInternal(host.replace(/^\[|\]$/g, ''))) continue;
    throw new ServiceError(
      'failed_precondition',
      `a token would go in clear to ${host}, and everybody on the way could use it; set tls.ca_file, tls.certificate_file and ` +
        'tls.key_file, or say --insecure-dev (tls.insecure_dev) for a test',
    );
  }
}

function isInternal(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return internalNames.test(host);
  return internal.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

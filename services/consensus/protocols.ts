/**
 * The protocols that a round can name. A new one is a line here and its name in protocol.ts.
 */
import { om } from './om.js';
import type { Protocol, ProtocolName } from './protocol.js';

const protocols: Readonly<Record<ProtocolName, Protocol<unknown>>> = { om };

/** All names, for help and for messages. */
export const protocolNames = Object.keys(protocols) as readonly ProtocolName[];

/**
 * The protocol of that name; undefined for a text that names none. It keeps the type of its state to itself:
 * hand `step` the state that it gave you.
 */
export function protocolNamed(name: ProtocolName): Protocol<unknown>;
export function protocolNamed(name: string): Protocol<unknown> | undefined;
export function protocolNamed(name: string): Protocol<unknown> | undefined {
  return Object.hasOwn(protocols, name) ? protocols[name as ProtocolName] : undefined;
}

/**
 * The protocols that a round can name, each with the forms and modes that it has. A new one is an entry here
 * and its name in protocol.ts.
 */
import { assert } from './assert.js';
import { om } from './om.js';
import type { Mode, Protocol, ProtocolName, Setting } from './protocol.js';

/** A protocol in all its forms. */
export interface ProtocolFamily {
  readonly name: ProtocolName;
  /** As people write it, such as `OM`. */
  readonly title: string;
  /** One line for help. */
  readonly summary: string;
  /** True for what is here to be compared with: it breaks where others hold. */
  readonly isBaseline: boolean;
  readonly variants: readonly ProtocolVariant[];
}

/** A protocol as it is run in one form and mode. */
export interface ProtocolVariant {
  readonly mode: Mode;
  readonly isCouncil: boolean;
  readonly protocol: Protocol<unknown>;
}

/** All of them, the default first. */
export const protocols: readonly ProtocolFamily[] = [
  {
    name: 'om',
    title: 'OM',
    summary: 'oral messages, relayed m times',
    isBaseline: false,
    variants: [{ mode: 'mailbox', isCouncil: false, protocol: om }],
  },
];

/** All names, for help and for messages. */
export const protocolNames: readonly ProtocolName[] = protocols.map(({ name }) => name);

/** The protocol of that name; undefined for a text that names none. */
export function protocolNamed(name: string): ProtocolFamily | undefined {
  return protocols.find((family) => family.name === name);
}

/**
 * The protocol of a setting that has passed `checkSetting`. It keeps the type of its state to itself: hand
 * `step` the state that it gave you.
 */
export function protocolOf(setting: Setting): Protocol<unknown> {
  const found = findProtocol(setting);
  assert(found !== undefined, `${setting.protocol} has the form and mode that is asked for`);
  return found;
}

/** The same, undefined where the protocol is unknown, or has no such form or mode. */
export function findProtocol(
  setting: Pick<Setting, 'protocol' | 'mode' | 'isCouncil'>,
): Protocol<unknown> | undefined {
  const { protocol, mode, isCouncil } = setting;
  const isAsked = (variant: ProtocolVariant) => variant.mode === mode && variant.isCouncil === isCouncil;
  return protocolNamed(protocol)?.variants.find(isAsked)?.protocol;
}

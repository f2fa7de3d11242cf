/**
 * The protocols that a round can name, each with the forms and modes that it has. A new one is an entry here
 * and its name in protocol.ts.
 */
import { assert } from './assert.js';
import { boardRules } from './board.js';
import { councilRules } from './council.js';
import { flatBound, flatMajority } from './flat-majority.js';
import { kingRules } from './king.js';
import { lockStep } from './lock-step.js';
import type { LockStepRules } from './lock-step-rules.js';
import { majorityRules } from './majority-vote.js';
import { om } from './om.js';
import { omBound } from './om-cost.js';
import { oneRelay } from './one-relay.js';
import { phaseKingRules } from './phase-king.js';
import type { Mode, Protocol, ProtocolName, Setting } from './protocol.js';
import { smCouncilBound, smRules } from './sm.js';
import { withCommander } from './with-commander.js';

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

/** All of them, the default first; of each the variant first that is meant when no mode is named. */
export const protocols: readonly ProtocolFamily[] = [
  {
    name: 'om',
    title: 'OM',
    summary: 'oral messages, relayed m times; on a board one posting is enough',
    isBaseline: false,
    variants: [
      { mode: 'mailbox', isCouncil: false, protocol: om },
      { mode: 'mailbox', isCouncil: true, protocol: lockStep(councilRules(om, omBound)) },
      { mode: 'board', isCouncil: false, protocol: lockStep(boardRules('om')) },
      { mode: 'board', isCouncil: true, protocol: lockStep(boardRules('om')) },
    ],
  },
  {
    name: 'sm',
    title: 'SM',
    summary: 'signed messages: any number of traitors, once nobody can forge',
    isBaseline: false,
    variants: [
      { mode: 'signed', isCouncil: false, protocol: lockStep(smRules) },
      {
        mode: 'signed',
        isCouncil: true,
        protocol: lockStep(councilRules(lockStep(smRules), smCouncilBound)),
      },
    ],
  },
  {
    name: 'king',
    title: 'King',
    summary: 'm + 1 kings in turn: messages in number polynomial, for many generals',
    isBaseline: false,
    variants: inMailbox(kingRules, lockStep(withCommander(kingRules))),
  },
  {
    name: 'phase-king',
    title: 'Phase King',
    summary: 'two phases a king: needs n > 4m, and breaks where n > 3m is believed to do',
    isBaseline: true,
    variants: inMailbox(phaseKingRules, lockStep(withCommander(phaseKingRules))),
  },
  {
    name: 'majority',
    title: 'Majority',
    summary: 'one exchange and a majority: right on a board, wrong in the mail',
    isBaseline: true,
    variants: [
      ...inMailbox(majorityRules, oneRelay),
      { mode: 'board', isCouncil: true, protocol: lockStep(boardRules('majority')) },
    ],
  },
  {
    name: 'flat',
    title: 'Flat majority',
    summary: 'relays as OM(m), then one majority over everything heard',
    isBaseline: true,
    variants: [
      { mode: 'mailbox', isCouncil: false, protocol: flatMajority },
      { mode: 'mailbox', isCouncil: true, protocol: lockStep(councilRules(flatMajority, flatBound)) },
    ],
  },
];

/** With a commander first, which is what a round is unless it says otherwise. */
function inMailbox<Known>(
  council: LockStepRules<Known>,
  commanded: Protocol<unknown>,
): readonly ProtocolVariant[] {
  return [
    { mode: 'mailbox', isCouncil: false, protocol: commanded },
    { mode: 'mailbox', isCouncil: true, protocol: lockStep(council) },
  ];
}

/** All names, for help and for messages. */
export const protocolNames: readonly ProtocolName[] = protocols.map(({ name }) => name);

/** The protocol of that name; undefined for a text that names none. */
export function protocolNamed(name: string): ProtocolFamily | undefined {
  return protocols.find((family) => family.name === name);
}

/** The mode that is meant when none is named. */
export function defaultMode(name: ProtocolName): Mode {
  return protocolNamed(name)?.variants[0]?.mode ?? 'mailbox';
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

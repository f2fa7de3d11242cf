/**
 * The known answers that a general is checked against: rounds of OM(m) in which everybody but the general under test follows a script.
 * Those with a number from the literature: Lamport, Shostak and Pease 1982, section 3 (KA1, KA2) and section 2 (KA3).
 */
import type { GeneralId, Message, Setting, TableAct, TraitorSpec, Vote } from '../../consensus/index.js';
import { generalId, generalIds, protocolOf } from '../../consensus/index.js';
import { messageTuple } from '../../general-node/index.js';
import type { Tuple } from '../../tuplespace/index.js';

export interface CheckCase {
  readonly id: string;
  /** What the round shows; lower case, no full stop. */
  readonly title: string;
  readonly setting: Setting;
  readonly order: Vote;
  /** The general under test. */
  readonly general: GeneralId;
  /** What the others do; the general under test is never among them. */
  readonly traitors: readonly TraitorSpec[];
  /** Phases that must be closed, since somebody is silent in them. */
  readonly closes: readonly number[];
  /** The phases in the order in which the others speak; default: as they are numbered. */
  readonly phaseOrder?: readonly number[];
  /** What is written instead of a message to the general under test; undefined leaves it as it is. */
  readonly tamper?: (message: Message) => Tuple | undefined;
  /** The program is killed when it has spoken in phase 1, and started again when all others have. */
  readonly isRestarted?: true;
  /** Of the round's protocol; default: the current one. */
  readonly protocolVersion?: number;
  /** What the general must decide; `none`: it must write nothing at all. */
  readonly decision: Vote | 'none';
}

function oral(n: number, m: number): Setting {
  const generals = generalIds(n);
  return {
    protocol: 'om',
    mode: 'mailbox',
    isCouncil: false,
    generals,
    commander: generalId(0),
    traitorsMax: m,
  };
}

/** A traitor that says to each of these what stands there, by every path; to the others what is true. */
function says(
  setting: Setting,
  index: number,
  votes: Readonly<Record<number, TableAct['act']>>,
): TraitorSpec {
  const general = generalId(index);
  const protocol = protocolOf(setting);
  const acts: TableAct[] = [];
  for (let phase = 0; phase < protocol.phaseCount(setting); phase += 1) {
    for (const slot of protocol.slots(setting, phase)) {
      const act = setting.generals.indexOf(slot.to);
      const said = votes[act];
      if (slot.from !== general || said === undefined) continue;
      for (const path of protocol.paths(setting, slot)) acts.push({ ...slot, path, act: said });
    }
  }
  return { general, strategy: 'table', acts };
}

const [three, four, seven, shallow] = [oral(3, 1), oral(4, 1), oral(7, 2), oral(7, 1)];
const [first, third, fourth] = [generalId(1), generalId(3), generalId(4)];
const loyal = { order: 'Attack', general: first, traitors: [], closes: [], setting: four } as const;

/** A relay of general-3 in phase 1, which some cases tamper with. */
function isFromThird({ from, phase }: Message): boolean {
  return from === third && phase === 1;
}

export const checkCases: readonly CheckCase[] = [
  { ...loyal, id: 'LOYAL', title: 'all are loyal', decision: 'Attack' },
  {
    ...loyal,
    id: 'ORDER',
    title: 'as the commander it gives its order to all, and follows it',
    general: generalId(0),
    decision: 'Attack',
  },
  {
    ...loyal,
    id: 'KA1',
    title: 'four generals, a lieutenant relays Retreat',
    traitors: [says(four, 3, { 1: 'Retreat', 2: 'Retreat' })],
    decision: 'Attack',
  },
  {
    ...loyal,
    id: 'KA2',
    title: 'four generals, the commander says Attack, Attack, Retreat; it is told Attack',
    traitors: [says(four, 0, { 3: 'Retreat' })],
    decision: 'Attack',
  },
  {
    ...loyal,
    id: 'KA2b',
    title: 'the same; it is told Retreat, and is outvoted',
    traitors: [says(four, 0, { 3: 'Retreat' })],
    general: third,
    decision: 'Attack',
  },
  {
    ...loyal,
    id: 'KA3',
    title: 'three generals, Attack against Retreat: a tie is the default',
    setting: three,
    traitors: [says(three, 2, { 1: 'Retreat' })],
    decision: 'Retreat',
  },
  {
    ...loyal,
    id: 'KA5',
    title: 'the commander is silent: after the close it relays the default',
    traitors: [{ general: generalId(0), strategy: 'silent' }],
    closes: [0],
    decision: 'Retreat',
  },
  {
    ...loyal,
    id: 'KA5b',
    title: 'a lieutenant is silent: after the close it counts as the default',
    traitors: [{ general: third, strategy: 'silent' }],
    closes: [1],
    decision: 'Attack',
  },
  {
    ...loyal,
    id: 'KA9',
    title: 'seven generals and one relay, four Attack and two Retreat',
    setting: shallow,
    traitors: [
      says(shallow, 0, { 4: 'Retreat', 5: 'Retreat' }),
      says(shallow, 6, { 4: 'Retreat', 5: 'Retreat' }),
    ],
    decision: 'Attack',
  },
  {
    ...loyal,
    id: 'KA9b',
    title: 'the same round from the other side: three against three is the default',
    setting: shallow,
    traitors: [
      says(shallow, 0, { 4: 'Retreat', 5: 'Retreat' }),
      says(shallow, 6, { 4: 'Retreat', 5: 'Retreat' }),
    ],
    general: fourth,
    decision: 'Retreat',
  },
  {
    ...loyal,
    id: 'KA10',
    title: 'seven generals, two relays, two flip all they say: one flat majority would retreat',
    setting: seven,
    traitors: [
      { general: generalId(5), strategy: 'flip' },
      { general: generalId(6), strategy: 'flip' },
    ],
    decision: 'Attack',
  },
  {
    ...loyal,
    id: 'KA15',
    title: 'seven generals, the commander silent and one two-faced: what is absent counts as the default',
    setting: seven,
    traitors: [
      { general: generalId(0), strategy: 'silent' },
      says(seven, 6, { 1: 'Attack', 2: 'Attack', 3: 'Attack', 4: 'Retreat', 5: 'Retreat' }),
    ],
    closes: [0],
    decision: 'Retreat',
  },
  {
    ...loyal,
    id: 'EARLY',
    title: 'the relays come before the order: they are kept',
    phaseOrder: [1, 0],
    decision: 'Attack',
  },
  {
    ...loyal,
    id: 'FORGED',
    title: 'a sender writes under another name: the writer that the space stamped counts',
    closes: [1],
    tamper: ({ from, phase }) => {
      if (from !== generalId(2) || phase !== 1) return undefined;
      return ['vote', third, first, 'Retreat', 1n, [generalId(0), third]];
    },
    decision: 'Attack',
  },
  {
    ...loyal,
    id: 'VOTE',
    title: 'a vote that is none counts as absent: the default is relayed',
    setting: seven,
    tamper: (message) => {
      if (!isFromThird(message)) return undefined;
      return ['vote', third, first, 'Perhaps', 1n, [generalId(0), third]];
    },
    decision: 'Attack',
  },
  {
    ...loyal,
    id: 'PATH',
    title: 'a path that its sender does not owe counts for nothing',
    setting: seven,
    traitors: [{ general: generalId(6), strategy: 'flip' }],
    tamper: (message) => {
      if (message.phase !== 2 || message.from !== generalId(6)) return undefined;
      const path = [generalId(0), generalId(6), generalId(6)];
      return messageTuple({ ...message, entries: message.entries.map((entry) => ({ ...entry, path })) });
    },
    decision: 'Attack',
  },
  {
    ...loyal,
    id: 'SHAPE',
    title: 'more votes than paths: the message fills its slot and says nothing',
    tamper: (message) => {
      if (!isFromThird(message)) return undefined;
      return ['vote', third, first, ['Retreat', 'Retreat'], 1n, [[generalId(0), third]]];
    },
    decision: 'Attack',
  },
  {
    ...loyal,
    id: 'AGAIN',
    title: 'killed after it has spoken and started again, it says nothing else and decides',
    isRestarted: true,
    decision: 'Attack',
  },
  {
    ...loyal,
    id: 'PIN',
    title: 'a round of another version of the protocol is left alone',
    protocolVersion: 999,
    decision: 'none',
  },
];

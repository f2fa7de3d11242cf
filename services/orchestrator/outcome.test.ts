import type { TraitorSpec, Vote } from '../consensus/index.js';
import { generalIds, protocolOf, simulateRound, summary } from '../consensus/index.js';
import {
  closeTuple,
  decisionTuple,
  labTuple,
  messageTuple,
  orchestratorId,
  roundTuple,
} from '../general-node/tuples.js';
import type { StoredTuple, Tuple } from '../tuplespace/index.js';
import { conclude, loyalDecisions } from './outcome.js';
import { decodeOutcome, encodeOutcome } from './outcome-text.js';
import type { RoundRecord } from './record.js';
import { RecordBuilder } from './record.js';
import { recordedMessages } from './shown-messages.js';

/** A tuple before the space has stamped it. */
interface Written {
  readonly values: Tuple;
  readonly writer: string;
}

interface RoundOptions {
  readonly n?: number;
  readonly m?: number;
  readonly order?: Vote;
  readonly traitors?: readonly TraitorSpec[];
  /** Changes what stands in the space, in order; by default nothing. */
  readonly tamper?: (written: Written[]) => Written[];
}

/** The record of a round as the services would have left it: simulated messages, each phase closed behind its votes. */
function recordOf({
  n = 4,
  m = 1,
  order = 'Attack',
  traitors = [],
  tamper = (all) => all,
}: RoundOptions = {}) {
  const generals = generalIds(n);
  const setting = {
    protocol: 'om',
    mode: 'mailbox',
    isCouncil: false,
    generals,
    commander: 'general-0',
    traitorsMax: m,
  } as const;
  const { messages, decisions } = simulateRound({ setting, order, traitors, seed: 1 });
  const { phaseCount } = protocolOf(setting).cost(setting);
  const written: Written[] = [
    { values: roundTuple({ number: 1, setting, protocolVersion: 1, phaseMs: 100 }), writer: orchestratorId },
    { values: labTuple({ seed: 1, order, traitors }), writer: orchestratorId },
  ];
  for (let phase = 0; phase < phaseCount; phase += 1) {
    const sent = messages.filter((message) => message.phase === phase);
    written.push(...sent.map((message) => ({ values: messageTuple(message), writer: message.from })));
    written.push({ values: closeTuple(phase), writer: orchestratorId });
  }
  for (const [general, vote] of decisions) {
    written.push({ values: decisionTuple(general, vote), writer: general });
  }
  written.push({ values: closeTuple(phaseCount), writer: orchestratorId });
  return read(tamper(written));
}

function read(written: readonly Written[]): RoundRecord {
  const builder = new RecordBuilder();
  written.forEach(({ values, writer }, i) => {
    const id = BigInt(i + 1);
    const tuple: StoredTuple = {
      id,
      values,
      writer,
      writerEpoch: 1,
      revision: id,
      writtenAtMs: 1_000 + i,
      deliveryCount: 0,
    };
    builder.add(tuple);
  });
  const record = builder.build();
  if (record === undefined) throw new Error('the record has no round');
  return record;
}

function outcomeOf(options?: RoundOptions) {
  return conclude(recordOf(options), { refusals: [] });
}

function isVote(written: Written, from: string, to: string): boolean {
  return written.values[0] === 'vote' && written.values[1] === from && written.values[2] === to;
}

test('a loyal round holds, with every value counted', () => {
  const { verdict, messageCount, ignored } = outcomeOf();
  expect(summary(verdict)).toBe('held');
  expect(messageCount).toBe(9);
  expect(ignored).toEqual([]);
});

test('lies are marked, and only lies', () => {
  const messages = recordedMessages(recordOf({ traitors: [{ general: 'general-2', strategy: 'flip' }] }));
  const lies = messages.filter(({ entries }) => entries.some(({ isFalse }) => isFalse));
  expect(lies.map(({ from }) => from)).toEqual(['general-2', 'general-2']);
});

test('a relay of a lie is no lie', () => {
  const messages = recordedMessages(recordOf({ traitors: [{ general: 'general-0', strategy: 'flip' }] }));
  const lies = messages.filter(({ entries }) => entries.some(({ isFalse }) => isFalse));
  expect(lies.map(({ from, phase }) => [from, phase])).toEqual(
    Array.from({ length: 3 }, () => ['general-0', 0]),
  );
});

test('a forged sender fills nothing and is counted', () => {
  const forged = {
    values: ['vote', 'general-1', 'general-3', 'Retreat', 1n, ['general-0', 'general-1']],
    writer: 'general-2',
  };
  const outcome = outcomeOf({ tamper: (all) => [...all.slice(0, 5), forged, ...all.slice(5)] });
  expect(summary(outcome.verdict)).toBe('held');
  expect(outcome.messageCount).toBe(9);
  expect(outcome.ignored).toEqual([{ reason: 'forged_sender', count: 1 }]);
});

test.each<[string, Tuple, string]>([
  [
    'a phase that owes nothing',
    ['vote', 'general-1', 'general-2', 'Attack', 9n, ['general-0', 'general-1']],
    'not_owed',
  ],
  ['a proposal by a lieutenant', ['proposal', 'general-1', 'general-2', 'Attack', 0n], 'not_owed'],
  [
    'a message to itself',
    ['vote', 'general-1', 'general-1', 'Attack', 1n, ['general-0', 'general-1']],
    'not_owed',
  ],
  [
    'a second message in a slot',
    ['vote', 'general-1', 'general-2', 'Retreat', 1n, ['general-0', 'general-1']],
    'slot_filled',
  ],
])('%s counts for nothing and is counted', (_, values, reason) => {
  const outcome = outcomeOf({
    tamper: (all) => [...all.slice(0, -6), { values, writer: 'general-1' }, ...all.slice(-6)],
  });
  expect(outcome.ignored).toEqual([{ reason, count: 1 }]);
  expect(outcome.messageCount).toBe(9);
  expect(summary(outcome.verdict)).toBe('held');
});

test('a forged path is absent, and its sender is a traitor that broke nothing', () => {
  const forgedPath: Tuple = [
    'vote',
    'general-1',
    'general-2',
    'Attack',
    1n,
    ['general-0', 'general-3', 'general-1'],
  ];
  const outcome = outcomeOf({
    traitors: [{ general: 'general-1', strategy: 'flip' }],
    tamper: (all) =>
      all.map((one) => (isVote(one, 'general-1', 'general-2') ? { ...one, values: forgedPath } : one)),
  });
  expect(outcome.ignored).toEqual([{ reason: 'illegal_path', count: 1 }]);
  expect(outcome.messageCount).toBe(8);
});

test('a loyal general behind the close is late: a fault, never a traitor, and its decision is not judged', () => {
  const record = recordOf({
    tamper: (all) => {
      const late = all.filter((one) => isVote(one, 'general-3', 'general-1'));
      const rest = all.filter((one) => !isVote(one, 'general-3', 'general-1'));
      return [...rest.slice(0, -1), ...late, ...rest.slice(-1)];
    },
  });
  const { verdict, ignored } = conclude(record, { refusals: [] });
  expect(verdict.lost).toEqual(['general-3']);
  expect(verdict.faultCount).toBe(1);
  expect(summary(verdict)).toBe('held');
  expect(ignored).toEqual([{ reason: 'late', count: 1 }]);
  expect(loyalDecisions(record).has('general-3')).toBe(true);
});

test('a lost loyal general beside a traitor is one fault too many', () => {
  const { verdict } = outcomeOf({
    traitors: [{ general: 'general-2', strategy: 'flip' }],
    tamper: (all) => all.filter(({ writer }) => writer !== 'general-3'),
  });
  expect(verdict).toMatchObject({ isWithin: false, faultCount: 2, lost: ['general-3'] });
});

test('a decision behind the last close does not count', () => {
  const record = recordOf({
    tamper: (all) => {
      const isLate = ({ values }: Written): boolean => values[0] === 'decision' && values[1] === 'general-1';
      return [...all.filter((one) => !isLate(one)), ...all.filter(isLate)];
    },
  });
  expect(loyalDecisions(record).has('general-1')).toBe(false);
  expect(conclude(record, { refusals: [] }).verdict.lost).toEqual(['general-1']);
});

test('a close by anybody else closes nothing', () => {
  const outcome = outcomeOf({
    tamper: (all) => [...all.slice(0, 2), { values: closeTuple(0), writer: 'general-2' }, ...all.slice(2)],
  });
  expect(summary(outcome.verdict)).toBe('held');
});

test('an outcome survives its way through the verdict tuple', () => {
  const outcome = outcomeOf({ traitors: [{ general: 'general-2', strategy: 'silent' }] });
  expect(decodeOutcome(encodeOutcome(outcome))).toEqual(outcome);
});

import type { Message } from '../consensus/index.js';
import type { StoredTuple, Tuple } from '../tuplespace/index.js';
import { matches } from '../tuplespace/index.js';
import { assignmentTemplate, assignmentTuple, readAssignment } from './control-tuples.js';
import {
  closeTuple,
  decisionTuple,
  inboxTemplates,
  isMessage,
  messageTuple,
  outboxTemplates,
  readClose,
  readDecision,
  readMessage,
} from './tuples.js';

function stored(values: Tuple, writer: string): StoredTuple {
  return { id: 1n, values, writer, writerEpoch: 1, revision: 1n, writtenAtMs: 0, deliveryCount: 0 };
}

const proposal: Message = {
  phase: 0,
  from: 'general-0',
  to: 'general-2',
  entries: [{ path: ['general-0'], vote: 'Attack' }],
};

const relay: Message = {
  phase: 1,
  from: 'general-1',
  to: 'general-2',
  entries: [{ path: ['general-0', 'general-1'], vote: 'Retreat' }],
};

const lastPhase: Message = {
  phase: 2,
  from: 'general-10',
  to: 'general-2',
  entries: [
    { path: ['general-0', 'general-1', 'general-10'], vote: 'Attack' },
    { path: ['general-0', 'general-3', 'general-10'], vote: 'Retreat' },
  ],
};

test('a proposal has the five fields of the design', () => {
  expect(messageTuple(proposal)).toEqual(['proposal', 'general-0', 'general-2', 'Attack', 0n]);
});

test('what a traitor says in phase 0 under another name keeps that name', () => {
  const entries = [{ path: ['general-3'], vote: 'Attack' }] as const;
  const forged: Message = { ...proposal, entries };
  expect(readMessage(stored(messageTuple(forged), 'general-0'))).toMatchObject({ message: { entries } });
});

test('a vote has six fields, and lists from two values on', () => {
  expect(messageTuple(relay)).toEqual([
    'vote',
    'general-1',
    'general-2',
    'Retreat',
    1n,
    ['general-0', 'general-1'],
  ]);
  expect(messageTuple(lastPhase)).toEqual([
    'vote',
    'general-10',
    'general-2',
    ['Attack', 'Retreat'],
    2n,
    [
      ['general-0', 'general-1', 'general-10'],
      ['general-0', 'general-3', 'general-10'],
    ],
  ]);
});

test.each([proposal, relay, lastPhase])(
  'what was written as a message is read as the same message',
  (message) => {
    const tuple = stored(messageTuple(message), message.from);
    expect(isMessage(tuple)).toBe(true);
    expect(readMessage(tuple)).toEqual({ kind: 'message', message, malformedCount: 0 });
  },
);

test('a tuple in another general’s name fills nothing', () => {
  expect(readMessage(stored(messageTuple(relay), 'general-3'))).toEqual({ kind: 'forged_sender' });
});

test.each<[string, Tuple]>([
  ['a number as sender', ['vote', 1n, 'general-2', 'Attack', 1n, ['general-0']]],
  ['a double as phase', ['vote', 'general-1', 'general-2', 'Attack', 1, ['general-0']]],
  ['null as recipient', ['proposal', 'general-1', null, 'Attack', 0n]],
])('%s is malformed', (_, values) => {
  expect(readMessage(stored(values, 'general-1'))).toEqual({ kind: 'malformed' });
});

test.each<[string, Tuple, number]>([
  ['a number as vote', ['vote', 'general-1', 'general-2', 7n, 1n, ['general-0']], 1],
  ['text as path', ['vote', 'general-1', 'general-2', 'Attack', 1n, 'general-0'], 1],
  [
    'lists of different lengths',
    ['vote', 'general-1', 'general-2', ['Attack', 'Attack'], 1n, [['general-0']]],
    1,
  ],
  [
    'one bad entry of two',
    ['vote', 'general-1', 'general-2', ['Attack', null], 1n, [['general-0'], ['general-3']]],
    1,
  ],
])('%s still fills its slot, and the entry is absent', (_, values, malformedCount) => {
  const read = readMessage(stored(values, 'general-1'));
  expect(read).toMatchObject({
    kind: 'message',
    message: { from: 'general-1', to: 'general-2', phase: 1 },
    malformedCount,
  });
});

test('only the orchestrator closes a phase', () => {
  expect(readClose(stored(closeTuple(3), 'orchestrator'))).toBe(3);
  expect(readClose(stored(closeTuple(3), 'general-1'))).toBeUndefined();
});

test('only the general itself decides, and only Attack or Retreat', () => {
  expect(readDecision(stored(decisionTuple('general-1', 'Attack'), 'general-1'))).toEqual({
    general: 'general-1',
    vote: 'Attack',
  });
  expect(readDecision(stored(decisionTuple('general-1', 'Attack'), 'general-2'))).toBeUndefined();
  expect(readDecision(stored(['decision', 'general-1', 'Surrender'], 'general-1'))).toBeUndefined();
});

test('an inbox is the mail to one general and the closes, an outbox what it sent', () => {
  const inbox = inboxTemplates('general-2');
  const isMail = (tuple: Tuple): boolean => inbox.some((one) => matches(one, tuple));
  expect([proposal, relay, lastPhase].map((one) => messageTuple(one)).every(isMail)).toBe(true);
  expect(isMail(closeTuple(0))).toBe(true);
  expect(isMail(messageTuple({ ...relay, to: 'general-20' }))).toBe(false);
  expect(outboxTemplates('general-1').some((one) => matches(one, messageTuple(relay)))).toBe(true);
  expect(outboxTemplates('general-1').some((one) => matches(one, messageTuple(lastPhase)))).toBe(false);
});

test('an assignment is read back only from the orchestrator', () => {
  const assignment = {
    incarnation: 'one',
    node: 'node1',
    round: 7,
    general: 'general-1',
    epoch: 2,
    token: 'secret',
  };
  const tuple = assignmentTuple(assignment);
  expect(readAssignment(stored(tuple, 'orchestrator'))).toEqual(assignment);
  expect(readAssignment(stored(tuple, 'node1'))).toBeUndefined();
  expect(matches(assignmentTemplate({ node: 'node1' }), tuple)).toBe(true);
  expect(matches(assignmentTemplate({ round: 8 }), tuple)).toBe(false);
});

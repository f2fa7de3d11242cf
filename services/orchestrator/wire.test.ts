import type { TraitorSpec } from '../consensus/index.js';
import { generalIds, protocolOf } from '../consensus/index.js';
import type { NodeInfo, Round, RoundEvent, RoundRequest } from './orchestrator.js';
import { orchestratorContract } from './service.js';
import {
  decodeEvent,
  decodeNode,
  decodeRequest,
  encodeEvent,
  encodeNode,
  encodeRequest,
} from './wire-calls.js';
import { decodeRound, encodeRound } from './wire-round.js';

const { methods } = orchestratorContract();

/** What the other side reads: through the bytes, not only through the objects. */
function acrossTheWire(round: Round): Round {
  const bytes = methods.GetRound.responseSerialize(encodeRound(round));
  return decodeRound(methods.GetRound.responseDeserialize(bytes), {
    withMessages: round.messages !== undefined,
  });
}

const setting = {
  protocol: 'om',
  mode: 'mailbox',
  isCouncil: false,
  generals: generalIds(4),
  commander: 'general-0',
  traitorsMax: 1,
} as const;

const table: TraitorSpec = {
  general: 'general-2',
  strategy: 'table',
  acts: [
    { phase: 1, from: 'general-2', to: 'general-1', path: ['general-0', 'general-2'], act: 'Retreat' },
    { phase: 1, from: 'general-2', to: 'general-3', path: ['general-0', 'general-2'], act: 'nothing' },
  ],
};

const running: Round = {
  number: 12,
  space: 'round-12',
  status: 'running',
  setting,
  traitors: [table],
  order: 'Attack',
  inputs: new Map(),
  seed: 4_294_967_295,
  phaseMs: 1_000,
  cost: protocolOf(setting).cost(setting),
  seats: [{ general: 'general-0', node: 'node1', epoch: 3 }],
  startedAtMs: 1_700_000_000_123,
  decisions: new Map([['general-1', 'Retreat']]),
  messageCount: 8,
  ignored: [{ reason: 'forged_sender', count: 2 }],
  refusals: [{ callerId: 'general-2', rule: 'sender', count: 2 }],
};

const judgement = { status: 'holds', because: 'so it is', witness: ['general-1'] } as const;

const finished: Round = {
  ...running,
  status: 'finished',
  endedAtMs: 1_700_000_000_999,
  verdict: {
    isWithin: true,
    faultCount: 1,
    lost: [],
    bound: protocolOf(setting).bound(setting),
    agreement: judgement,
    validity: { ...judgement, status: 'not_promised' },
    termination: { ...judgement, status: 'violated', witness: [] },
  },
  metrics: {
    wallMs: 12.5,
    coordinationMs: 10.25,
    computeMs: 0.5,
    coordinationSumMs: 40,
    computeSumMs: 2,
    granularityRatio: 0.05,
    generals: [
      {
        general: 'general-1',
        coordinationMs: 10.25,
        spaceCallMs: 4,
        waitingMs: 6.25,
        computeMs: 0.5,
        sentCount: 2,
        receivedCount: 3,
        phases: [
          { spaceCallMs: 4, waitingMs: 0.25, computeMs: 0.25 },
          { spaceCallMs: 0, waitingMs: 6, computeMs: 0.25 },
        ],
      },
    ],
  },
  messages: [
    {
      phase: 1,
      from: 'general-2',
      to: 'general-1',
      entries: [{ path: ['general-0', 'general-2'], vote: 'Retreat', isFalse: true }],
      counts: true,
    },
  ],
};

test.each<[string, Round]>([
  ['running', running],
  ['finished, with its messages', finished],
  ['cancelled', { ...running, status: 'cancelled', endedAtMs: 5, cancelledBecause: 'nobody cares' }],
])('a round that is %s is the same on the other side', (_, round) => {
  expect(acrossTheWire(round)).toEqual(round);
});

test.each<RoundRequest>([
  {},
  { faultCount: 0, traitorCount: 0, seed: 0 },
  {
    protocol: 'om',
    generalCount: 7,
    faultCount: 2,
    traitorCount: 2,
    strategy: 'flip',
    traitors: [table],
    order: 'Retreat',
    seed: 7,
    phaseMs: 250,
    messagesMax: 99,
    isOutsideBoundAllowed: true,
    key: 'again',
  },
])('what is asked for, and nothing else, arrives: %j', (request) => {
  const bytes = methods.StartRound.requestSerialize(encodeRequest(request));
  expect(decodeRequest(methods.StartRound.requestDeserialize(bytes))).toEqual(request);
});

test('acts of a traitor that has no table are refused, and named', () => {
  const request = encodeRequest({ traitors: [table] });
  const bytes = methods.StartRound.requestSerialize({
    ...request,
    traitors: [{ general: 'general-2', strategy: 'flip', acts: [{ phase: 1 }] }],
  });
  expect(() => decodeRequest(methods.StartRound.requestDeserialize(bytes))).toThrow(
    expect.objectContaining({ code: 'invalid_argument', details: { field: 'traitors[0].acts' } }),
  );
});

const place = { cursor: { incarnation: 'abc', revision: 2n ** 60n }, atMs: 1_700_000_000_000 };

test.each<RoundEvent>([
  { ...place, kind: 'started', round: running },
  { ...place, kind: 'message', message: finished.messages?.[0] ?? Object.assign({}) },
  { ...place, kind: 'closed', phase: 0 },
  { ...place, kind: 'moved', seat: { general: 'general-1', node: 'node2', epoch: 2 } },
  { ...place, kind: 'decision', general: 'general-1', vote: 'Retreat' },
  { ...place, kind: 'report', metrics: finished.metrics?.generals[0] ?? Object.assign({}) },
])('an event is the same on the other side: $kind', (event) => {
  const bytes = methods.WatchRound.responseSerialize(encodeEvent(event));
  expect(decodeEvent(methods.WatchRound.responseDeserialize(bytes))).toEqual(event);
});

test.each<NodeInfo>([
  {
    node: 'node1',
    state: 'gone',
    lastSeenMs: 0,
    seats: [],
    generals: [],
    seatsMax: 0,
    enrolledAtMs: 0,
    losses: [],
  },
  {
    node: 'node2',
    address: 'localhost:8000',
    state: 'draining',
    lastSeenMs: 7,
    seats: [{ round: 3, general: 'general-1', epoch: 2 }],
    generals: ['general-1'],
    seatsMax: 9,
    enrolledAtMs: 6,
    losses: [{ round: 3, generalCount: 1, faultCount: 2, faultsMax: 1 }],
  },
])('a node is the same on the other side: $node', (node) => {
  const bytes = methods.ListNodes.responseSerialize({ nodes: [encodeNode(node)] });
  expect(methods.ListNodes.responseDeserialize(bytes).nodes.map(decodeNode)).toEqual([node]);
});

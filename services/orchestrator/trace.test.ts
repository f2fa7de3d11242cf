/**
 * Records of real rounds, replayed: whatever its traitors do, a record follows from itself.
 */
import * as fc from 'fast-check';
import { strategyNames } from '../consensus/index.js';
import { verifySignature } from '../general-node/index.js';
import { parseTrace, printTrace, replayTrace, type Trace, traceOf } from '../record/index.js';
import { byteChanges, withChangedByte } from '../record/testing/changed-byte.js';
import type { RoundRequest } from './orchestrator.js';
import type { EmbeddedSystem } from './testing/embedded-system.js';
import { startEmbeddedSystem } from './testing/embedded-system.js';
import { roundOfTrace, traceEvent } from './trace.js';

let system: EmbeddedSystem;

beforeAll(async () => {
  system = await startEmbeddedSystem({ nodes: [{ node: 'node1' }, { node: 'node2' }] });
});

afterAll(() => system.stop());

async function record(request: RoundRequest): Promise<Trace> {
  const { number } = await system.run(request);
  const events = [];
  for await (const event of system.orchestrator.watchRound({ number }))
    events.push(traceEvent(number, event));
  const trace = traceOf(events);
  if (trace === undefined) throw new Error('a round begins with its start');
  return trace;
}

test.each(strategyNames)('a round with the traitor %s', async (strategy) => {
  for (const seed of [1, 2]) {
    const trace = await record({ generalCount: 5, faultCount: 1, strategy, seed, phaseMs: 150 });
    expect(replayTrace(trace).mismatches).toEqual([]);
    expect(parseTrace(printTrace(trace.events))).toEqual({ kind: 'trace', trace });
  }
});

describe('a signed round', () => {
  test.each(strategyNames)(
    'with the traitor %s follows from its record, signatures and all',
    async (strategy) => {
      for (const isCouncil of [false, true]) {
        const request = { protocol: 'sm', isCouncil, generalCount: 5, faultCount: 2, traitorCount: 2 };
        const trace = await record({ ...request, strategy, seed: 3, phaseMs: 200 });
        const { mismatches, unproved } = replayTrace(trace, verifySignature);
        expect({ mismatches, unproved }).toEqual({ mismatches: [], unproved: undefined });
        expect(parseTrace(printTrace(trace.events))).toEqual({ kind: 'trace', trace });
      }
    },
  );

  test('with one changed byte in any message, signatures included, is a mismatch there', async () => {
    const trace = await record({
      protocol: 'sm',
      generalCount: 4,
      faultCount: 2,
      strategy: 'two-faced',
      seed: 3,
    });
    fc.assert(
      fc.property(byteChanges, (change) => {
        const changed = withChangedByte(trace, change);
        fc.pre(changed !== undefined);
        const parsed = parseTrace(changed.text);
        if (parsed.kind === 'problem') return expect(parsed.line).toBe(changed.index + 1);
        const [first] = replayTrace(parsed.trace, verifySignature).mismatches;
        expect(first).toMatchObject({ index: changed.index, what: 'message' });
      }),
      { numRuns: 300 },
    );
  });

  test('is the round that GetRound gives', async () => {
    const trace = await record({ protocol: 'sm', generalCount: 4, faultCount: 1, seed: 9 });
    const round = await system.orchestrator.getRound({ number: trace.started.round, withMessages: true });
    expect(roundOfTrace(trace)).toEqual(round);
  });
});

test('what the space refused stands in the record, and a record without it is still read', async () => {
  const trace = await record({ generalCount: 4, faultCount: 1, strategy: 'replay', seed: 3 });
  const { refusals } = await system.orchestrator.getRound({ number: trace.started.round });
  expect(new Set(refusals.map(({ rule }) => rule))).toEqual(new Set(['slot']));
  expect(roundOfTrace(trace).refusals).toEqual(refusals);
  const old = trace.events.map((event) => {
    if (event.kind !== 'ended') return event;
    const { refusals: _, ...before } = event;
    return before;
  });
  const parsed = parseTrace(printTrace(old));
  if (parsed.kind === 'problem') throw new Error(parsed.problem);
  expect(roundOfTrace(parsed.trace)).toMatchObject({ status: 'finished', refusals: [] });
});

test('two traitors among seven who collude', async () => {
  const trace = await record({ generalCount: 7, traitorCount: 2, strategy: 'collude', seed: 5 });
  expect(replayTrace(trace).mismatches).toEqual([]);
});

test('a round outside the bound, in which agreement is violated', async () => {
  const trace = await record({
    generalCount: 3,
    faultCount: 1,
    traitors: [{ general: 'general-2', strategy: 'flip' }],
    isOutsideBoundAllowed: true,
    seed: 1,
  });
  const { mismatches, verdict } = replayTrace(trace);
  expect(mismatches).toEqual([]);
  expect(verdict?.validity.status).toBe('violated');
});

test('a round of 3,609 messages is replayed in less than a second', async () => {
  const trace = await record({ generalCount: 10, faultCount: 3, seed: 1 });
  const startedMs = performance.now();
  expect(replayTrace(trace).mismatches).toEqual([]);
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});

test('a record is the round that GetRound gives', async () => {
  const trace = await record({ generalCount: 7, traitorCount: 2, seed: 9 });
  const round = await system.orchestrator.getRound({ number: trace.started.round, withMessages: true });
  expect(roundOfTrace(trace)).toEqual(round);
});

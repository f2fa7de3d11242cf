/**
 * What a deployment must do, whatever it runs on: rounds over gRPC through scaled nodes, with every kind of traitor, and honest answers
 * to bad requests. One suite for all drivers.
 */
import { startEmbedded } from '../services/cli/embedded.js';
import type { Setting } from '../services/consensus/index.js';
import { generalIds, search, shrink, simulateRound } from '../services/consensus/index.js';
import type { Orchestrator, Round, RoundEvent, RoundRequest } from '../services/orchestrator/index.js';
import { OrchestratorClient } from '../services/orchestrator/index.js';
import { checkHealth, GrpcChannel } from '../services/runtime/index.js';
import type { Deployment } from './drivers/deployment.js';
import { eventually } from './drivers/deployment.js';

export function roundsSuite(deployment: () => Deployment): void {
  let channel: GrpcChannel | undefined;
  let orchestrator: OrchestratorClient;

  beforeAll(async () => {
    channel = new GrpcChannel(deployment().orchestrator);
    orchestrator = new OrchestratorClient(channel);
    await eventually('all nodes are enrolled', async () => {
      const nodes = await orchestrator.listNodes();
      return nodes.length === deployment().nodeCount ? nodes : undefined;
    });
  });

  afterAll(() => channel?.close());

  async function run(request: RoundRequest): Promise<Round> {
    const { number } = await orchestrator.startRound(request);
    return finished(orchestrator, number);
  }

  test('both services say that they serve', async () => {
    await checkHealth({ address: deployment().orchestrator, service: 'byzantine.v1.Orchestrator' });
    for (const address of deployment().tuplespace.split(',')) {
      await checkHealth({ address, service: 'byzantine.v1.TupleSpace' });
    }
  });

  test('four loyal generals on scaled nodes obey the order, with the messages of OM(1)', async () => {
    const round = await run({ generalCount: 4, faultCount: 1, traitorCount: 0, order: 'Attack' });
    expect(verdictOf(round)).toEqual({ agreement: 'holds', validity: 'holds', termination: 'holds' });
    expect([...round.decisions.values()]).toEqual(['Attack', 'Attack', 'Attack', 'Attack']);
    expect(round.messageCount).toBe(9);
    expect(new Set(round.seats.map(({ node }) => node)).size).toBe(Math.min(4, deployment().nodeCount));
  });

  test('the order decides: Retreat is obeyed too', async () => {
    const round = await run({ generalCount: 4, faultCount: 1, traitorCount: 0, order: 'Retreat' });
    expect(new Set(round.decisions.values())).toEqual(new Set(['Retreat']));
  });

  test('the lieutenants of a lying commander agree: A, A, R is heard by all as A (KA2)', async () => {
    const votes = ['Attack', 'Attack', 'Retreat'] as const;
    const acts = votes.map((act, i) => ({
      phase: 0,
      from: 'general-0',
      to: `general-${i + 1}`,
      path: ['general-0'],
      act,
    }));
    const round = await run({
      generalCount: 4,
      faultCount: 1,
      traitors: [{ general: 'general-0', strategy: 'table', acts }],
    });
    expect(verdictOf(round).agreement).toBe('holds');
    expect(Object.fromEntries(round.decisions)).toEqual({
      'general-1': 'Attack',
      'general-2': 'Attack',
      'general-3': 'Attack',
    });
  });

  test('a silent traitor costs its deadlines and nothing else', async () => {
    const phaseMs = 500;
    const traitors = [{ general: 'general-3', strategy: 'silent' }] as const;
    const round = await run({ generalCount: 4, faultCount: 1, traitors, phaseMs });
    expect(verdictOf(round)).toEqual({ agreement: 'holds', validity: 'holds', termination: 'holds' });
    expect(round.messageCount).toBe(7);
    expect(round.metrics?.wallMs).toBeGreaterThanOrEqual(phaseMs);
  });

  test.each([0, 1, 2, 3])('a traitor on seat %i breaks nothing, however it lies', async (seat) => {
    const strategies = ['flip', 'random', 'two-faced', 'staged'] as const;
    const rounds = await Promise.all(
      strategies.map((strategy) =>
        run({
          generalCount: 4,
          faultCount: 1,
          traitors: [{ general: `general-${seat}`, strategy }],
          seed: 7 + seat,
        }),
      ),
    );
    for (const round of rounds) {
      expect(verdictOf(round)).toEqual({ agreement: 'holds', validity: 'holds', termination: 'holds' });
      expect(round.decisions.size).toBe(3);
    }
  });

  test('two colluding traitors among seven break nothing, and messages carry lists', async () => {
    const round = await run({ generalCount: 7, traitorCount: 2, strategy: 'two-faced', seed: 7 });
    expect(verdictOf(round)).toEqual({ agreement: 'holds', validity: 'holds', termination: 'holds' });
    expect(round.messageCount).toBe(156);
    const { messages = [] } = await orchestrator.getRound({ number: round.number, withMessages: true });
    expect(messages).toHaveLength(66);
    expect(messages.some(({ entries }) => entries.some(({ isFalse }) => isFalse))).toBe(true);
  });

  test.each<[string, Partial<Setting>, number, number, number]>([
    ['three generals', {}, 3, 1, 1],
    ['six generals with two traitors', {}, 6, 2, 2],
    ['a council of three', { isCouncil: true }, 3, 1, 1],
    ['SM with one traitor too many (KA14)', { protocol: 'sm', mode: 'signed' }, 4, 1, 2],
    ['four generals by Phase King', { protocol: 'phase-king' }, 4, 1, 1],
    ['half of a council on a board', { mode: 'board', isCouncil: true }, 4, 2, 2],
  ])('a treason found and made small breaks %s, as the core predicts', async (_, form, n, m, k) => {
    const setting = { ...protocolSetting(n, m), ...form };
    const steps = search({ setting, traitorCount: k, seed: 1, runsMax: 3_000 });
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    const plan = step.value.finding && shrink(step.value.finding.plan)?.plan;
    if (plan === undefined) throw new Error('nothing was found outside the bound');
    const { protocol, mode, isCouncil } = setting;
    const { order, inputs = new Map(), traitors, seed } = plan;
    const asked = { protocol, mode, isCouncil, generalCount: n, faultCount: m, traitorCount: k };
    const phaseMs = 1_000;
    const round = await run({
      ...asked,
      order,
      inputs,
      traitors,
      seed,
      phaseMs,
      isOutsideBoundAllowed: true,
    });
    const predicted = simulateRound(plan);
    expect(verdictOf(round)).toMatchObject({
      agreement: predicted.verdict.agreement.status,
      validity: predicted.verdict.validity.status,
    });
    expect(Object.values(verdictOf(round))).toContain('violated');
    for (const [general, vote] of round.decisions) expect(vote).toBe(predicted.decisions.get(general));
    expect(round.decisions.size).toBe(n - k);
  });

  test('the same seed gives the same traitors, messages and decisions as in one process', async () => {
    const embedded = await startEmbedded({ nodeCount: 4 });
    try {
      for (const strategy of ['random', 'two-faced', 'staged']) {
        for (const seed of [1, 2, 3]) {
          const request = { generalCount: 7, traitorCount: 2, strategy, seed };
          const { number } = await embedded.orchestrator.startRound(request);
          const here = await finished(embedded.orchestrator, number);
          expect(await told(orchestrator, await run(request))).toEqual(
            await told(embedded.orchestrator, here),
          );
        }
      }
    } finally {
      await embedded.stop();
    }
  });

  test.each([
    ['sm', { protocol: 'sm' }, 9],
    ['a council of sm', { protocol: 'sm', isCouncil: true }, 36],
    ['king', { protocol: 'king' }, 57],
    ['a council of king', { protocol: 'king', isCouncil: true }, 54],
    ['a council of om', { isCouncil: true }, 36],
    ['om on a board', { mode: 'board' }, 1],
    ['a council on a board', { mode: 'board', isCouncil: true }, 4],
  ])('%s runs, waits for no deadline, and withstands a liar', async (_, form, messageCount) => {
    const phaseMs = 60_000;
    const loyal = await run({ ...form, generalCount: 4, faultCount: 1, traitorCount: 0, phaseMs });
    expect(verdictOf(loyal)).toEqual({ agreement: 'holds', validity: 'holds', termination: 'holds' });
    expect(loyal.messageCount).toBe(messageCount);
    expect([...loyal.decisions.values()]).toEqual(['Attack', 'Attack', 'Attack', 'Attack']);
    const traitors = [{ general: 'general-1', strategy: 'flip' }] as const;
    const betrayed = await run({ ...form, generalCount: 4, faultCount: 1, traitors, seed: 5, phaseMs });
    expect(verdictOf(betrayed)).toEqual({ agreement: 'holds', validity: 'holds', termination: 'holds' });
    expect(betrayed.setting).toEqual(loyal.setting);
  });

  test('outside the bound a round runs only when it says so, and shows the violation (KA3)', async () => {
    const traitors = [{ general: 'general-2', strategy: 'flip' }] as const;
    const request = { generalCount: 3, faultCount: 1, traitors, order: 'Attack' } as const;
    await expect(orchestrator.startRound(request)).rejects.toMatchObject({ code: 'failed_precondition' });
    const round = await run({ ...request, isOutsideBoundAllowed: true });
    expect(round.verdict?.isWithin).toBe(false);
    expect(verdictOf(round).validity).toBe('violated');
  });

  test('a watch tells the whole round, also from the middle', async () => {
    const { number } = await run({ generalCount: 4, faultCount: 1, seed: 3 });
    const events = await collect(orchestrator.watchRound({ number }));
    expect(events[0]?.kind).toBe('started');
    expect(events.at(-1)?.kind).toBe('ended');
    expect(events.filter(({ kind }) => kind === 'message')).toHaveLength(9);
    const middle = events[Math.floor(events.length / 2)] as RoundEvent;
    const rest = await collect(orchestrator.watchRound({ number, from: middle.cursor }));
    expect(rest).toEqual(events.filter(({ cursor }) => cursor.revision > middle.cursor.revision));
  });

  test('a cancelled round ends without a verdict, and only once', async () => {
    const { number } = await orchestrator.startRound({
      generalCount: 4,
      traitors: [{ general: 'general-1', strategy: 'silent' }],
      phaseMs: 60_000,
    });
    const round = await orchestrator.cancelRound({ number, because: 'the test says so' });
    expect(round).toMatchObject({ status: 'cancelled', cancelledBecause: 'the test says so' });
    expect(round.verdict).toBeUndefined();
    await expect(orchestrator.cancelRound({ number, because: 'again' })).rejects.toMatchObject({
      code: 'failed_precondition',
    });
  });

  test('the same key is the same round, another request under it is refused', async () => {
    const key = `key-${process.pid}-${performance.now()}`;
    const first = await orchestrator.startRound({ key, seed: 1 });
    expect((await orchestrator.startRound({ key, seed: 1 })).number).toBe(first.number);
    await expect(orchestrator.startRound({ key, seed: 2 })).rejects.toMatchObject({ code: 'already_exists' });
    await finished(orchestrator, first.number);
  });

  test.each<[string, RoundRequest, string]>([
    ['an unknown protocol', { protocol: 'om2' }, 'invalid_argument'],
    ['an unknown strategy', { strategy: 'two-face' }, 'invalid_argument'],
    [
      'a general that is not there',
      { traitors: [{ general: 'general-9', strategy: 'flip' }] },
      'invalid_argument',
    ],
    ['a malformed seat', { traitors: [{ general: 'general-01', strategy: 'flip' }] }, 'invalid_argument'],
    ['one general alone', { generalCount: 1 }, 'invalid_argument'],
    ['too many messages', { generalCount: 13, traitorCount: 4 }, 'resource_exhausted'],
    ['n = 3m', { generalCount: 6, traitorCount: 2 }, 'failed_precondition'],
  ])('%s is refused before anything starts', async (_, request, code) => {
    const before = await orchestrator.listRounds({ limit: 1 });
    await expect(orchestrator.startRound(request)).rejects.toMatchObject({ code });
    expect((await orchestrator.listRounds({ limit: 1 }))[0]?.number).toBe(before[0]?.number);
  });

  test('an unknown round is not found by any call', async () => {
    const number = 999_999;
    const calls = [
      () => orchestrator.getRound({ number }),
      () => orchestrator.cancelRound({ number, because: '' }),
      () => collect(orchestrator.watchRound({ number })),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'not_found' });
  });
}

/** What the seed decides of a round. */
async function told(orchestrator: Orchestrator, { number }: Round): Promise<object> {
  const { traitors, decisions, messages = [] } = await orchestrator.getRound({ number, withMessages: true });
  const lines = messages.map(({ phase, from, to, entries }) => JSON.stringify([phase, from, to, entries]));
  return { traitors, decisions, messages: lines.toSorted() };
}

/** The round once it has its verdict. */
export async function finished(orchestrator: Orchestrator, number: number): Promise<Round> {
  const events = await collect(orchestrator.watchRound({ number }));
  const last = events.at(-1);
  if (last?.kind !== 'ended') throw new Error(`round ${number} did not end`);
  return last.round;
}

export function verdictOf({ verdict }: Round) {
  return {
    agreement: verdict?.agreement.status,
    validity: verdict?.validity.status,
    termination: verdict?.termination.status,
  };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** OM(m) with a commander, by mail. */
function protocolSetting(n: number, m: number): Setting {
  return {
    protocol: 'om',
    mode: 'mailbox',
    isCouncil: false,
    generals: generalIds(n),
    commander: 'general-0',
    traitorsMax: m,
  };
}

/**
 * Whole rounds in one process, over the memory store: what holds, what is refused, and what happens when parts go away.
 */
import { summary } from '../consensus/index.js';
import { seatTemplate } from '../general-node/index.js';
import { until } from '../runtime/testing/conditions.js';
import { Ledger } from './ledger.js';
import type { Round, RoundRequest } from './orchestrator.js';
import type { EmbeddedSystem } from './testing/embedded-system.js';
import { startEmbeddedSystem } from './testing/embedded-system.js';

function statuses({ verdict }: Round) {
  return [verdict?.agreement.status, verdict?.validity.status, verdict?.termination.status];
}

const allHold = ['holds', 'holds', 'holds'];

describe('rounds over the memory store', () => {
  let system: EmbeddedSystem;

  beforeAll(async () => {
    system = await startEmbeddedSystem({ nodes: [{ node: 'node1' }, { node: 'node2' }] });
  });

  afterAll(() => system.stop());

  test.each([
    [4, 1, 9],
    [7, 2, 156],
    [10, 3, 3_609],
  ])('n = %i, m = %i: everyone speaks, everyone decides, %i values are sent', async (n, m, messageCount) => {
    const round = await system.run({ generalCount: n, faultCount: m, traitorCount: 0 });
    expect(statuses(round)).toEqual(allHold);
    expect(round.messageCount).toBe(messageCount);
    expect(round.ignored).toEqual([]);
    expect(round.metrics?.generals).toHaveLength(n);
    expect(round.metrics?.coordinationMs).toBeGreaterThan(0);
    expect(round.metrics?.computeMs).toBeGreaterThan(0);
  });

  test('what a general spent is told by phase: a silent one is waited for in the phase in which it owes', async () => {
    const traitors = [{ general: 'general-1', strategy: 'silent' }] as const;
    const { metrics } = await system.run({ generalCount: 4, traitors, phaseMs: 400 });
    const heard = metrics?.generals.filter(({ general }) => ['general-2', 'general-3'].includes(general));
    expect(heard).toHaveLength(2);
    for (const { phases, ...total } of heard ?? []) {
      expect(phases).toHaveLength(2);
      const [before, during] = phases;
      expect(during?.waitingMs).toBeGreaterThan(300);
      expect(before?.waitingMs).toBeLessThan(300);
      for (const key of ['spaceCallMs', 'waitingMs', 'computeMs'] as const) {
        expect(phases.reduce((sum, spent) => sum + spent[key], 0)).toBeCloseTo(total[key]);
      }
    }
  });

  test('the same seed gives the same decisions and the same messages', async () => {
    const request = { generalCount: 7, traitorCount: 2, strategy: 'random', seed: 99 } as const;
    const [first, second] = [await system.run(request), await system.run(request)];
    expect(first.traitors).toEqual(second.traitors);
    expect([...first.decisions]).toEqual([...second.decisions]);
    const messagesOf = async (number: number) => {
      const { messages = [] } = await system.orchestrator.getRound({ number, withMessages: true });
      const texts = messages.map(({ phase, from, to, entries }) =>
        JSON.stringify([phase, from, to, entries]),
      );
      return texts.sort();
    };
    expect(await messagesOf(first.number)).toEqual(await messagesOf(second.number));
  });

  test('two rounds run side by side, each in its own space', async () => {
    const requests = [1, 2, 3, 4].map((seed) => system.run({ generalCount: 4, traitorCount: 1, seed }));
    const rounds = await Promise.all(requests);
    expect(new Set(rounds.map(({ space }) => space)).size).toBe(4);
    for (const round of rounds) expect(statuses(round)).toEqual(allHold);
  });

  test('a traitor’s illegal messages are ignored and counted, and stop nobody', async () => {
    const { number, space } = await system.orchestrator.startRound({
      generalCount: 4,
      traitors: [{ general: 'general-1', strategy: 'silent' }],
      phaseMs: 400,
    });
    const traitor = await system.asGeneral(number, 'general-1');
    const path = ['general-0', 'general-1'];
    const forgedPath = ['general-0', 'general-3', 'general-1'];
    // One slot each: a forged path and no vote at all; nonsense; a proposal by a lieutenant.
    await traitor.write({
      space,
      tuples: [
        ['vote', 'general-1', 'general-2', ['Attack', 'Surrender'], 1n, [forgedPath, path]],
        ['vote', 'general-1', null, true, 1n, 'path'],
        ['proposal', 'general-1', 'general-2', 'Retreat', 0n],
      ],
    });
    // In another's name, and a second value in a slot: the space itself refuses them.
    const forged = {
      space,
      tuples: [['vote', 'general-2', 'general-3', 'Retreat', 1n, ['general-0', 'general-2']]],
    };
    await expect(traitor.write(forged)).rejects.toMatchObject({ code: 'permission_denied' });
    const second = { space, tuples: [['vote', 'general-1', 'general-2', 'Retreat', 1n, path]] };
    await expect(traitor.write(second)).rejects.toMatchObject({ code: 'already_exists' });
    const round = await system.finished(number);
    expect(statuses(round)).toEqual(allHold);
    expect(Object.fromEntries(round.ignored.map(({ reason, count }) => [reason, count]))).toEqual({
      conflict: 1,
      forged_sender: 1,
      illegal_path: 1,
      illegal_vote: 1,
      malformed: 1,
      not_owed: 1,
    });
  });

  test('nobody but the orchestrator closes a phase, whatever a traitor writes', async () => {
    const { number, space } = await system.orchestrator.startRound({
      generalCount: 4,
      traitors: [{ general: 'general-1', strategy: 'silent' }],
      phaseMs: 300,
    });
    const traitor = await system.asGeneral(number, 'general-1');
    for (const values of [
      ['close', 0n],
      ['close', 2n],
      ['decision', 'general-2', 'Retreat'],
      ['verdict', '', '{}'],
    ]) {
      const forged = traitor.write({ space, tuples: [values] });
      await expect(forged).rejects.toMatchObject({ code: 'permission_denied' });
    }
    const round = await system.finished(number);
    expect(statuses(round)).toEqual(allHold);
    expect([...round.decisions.values()]).toEqual(['Attack', 'Attack', 'Attack']);
  });

  test('seats and tokens are gone once a round has ended', async () => {
    const { number } = await system.orchestrator.startRound({
      generalCount: 4,
      traitors: [{ general: 'general-1', strategy: 'silent' }],
      phaseMs: 200,
    });
    const traitor = await system.asGeneral(number, 'general-1');
    await system.finished(number);
    const { space } = await system.orchestrator.getRound({ number });
    // The verdict stands before the seats are withdrawn; a refused write says that they are.
    const isRefused = async (): Promise<boolean> =>
      traitor.write({ space, tuples: [['late', 1n]] }).then(
        () => false,
        (error: { code: string }) => error.code === 'unauthenticated',
      );
    await until('the token is void', isRefused);
    const nodes = await system.orchestrator.listNodes();
    expect(nodes.flatMap(({ seats }) => seats).filter(({ round }) => round === number)).toEqual([]);
  });
});

describe('when parts go away', () => {
  test('the generals of a lost node are counted faults, and the others decide', async () => {
    const generalsOf = [['general-0', 'general-1', 'general-2'], ['general-3']];
    const nodes = generalsOf.map((generals, i) => ({ node: `node${i + 1}`, generals }));
    const system = await startEmbeddedSystem({ nodes });
    try {
      const started = system.orchestrator.startRound({
        generalCount: 4,
        traitorCount: 0,
        faultCount: 1,
        phaseMs: 300,
      });
      await system.stopNode('node2');
      const { number } = await started;
      const round = await system.finished(number);
      expect(round.verdict && summary(round.verdict)).toBe('held');
      for (const general of ['general-0', 'general-1', 'general-2']) {
        expect(round.decisions.get(general)).toBe('Attack');
      }
    } finally {
      await system.stop();
    }
  });

  test('another orchestrator finishes the rounds that one left open', async () => {
    const system = await startEmbeddedSystem({ nodes: [{ node: 'node1' }] });
    try {
      const { number } = await system.orchestrator.startRound({
        generalCount: 4,
        traitors: [{ general: 'general-2', strategy: 'silent' }],
        phaseMs: 300,
      });
      await system.restartOrchestrator();
      const round = await system.finished(number);
      expect(statuses(round)).toEqual(allHold);
      expect(round.number).toBe(number);
    } finally {
      await system.stop();
    }
  });

  test('without nodes a round is refused, and the error says how to start one', async () => {
    const system = await startEmbeddedSystem({ nodes: [], placementWaitMs: 0 });
    try {
      await expect(system.orchestrator.startRound({})).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/^4 of 4 generals have no node: .*byz general-node/),
      });
      expect(await system.orchestrator.listRounds({})).toEqual([]);
    } finally {
      await system.stop();
    }
  });

  test('a start under a key whose round got a number and no further begins that round', async () => {
    const system = await startEmbeddedSystem({ nodes: [{ node: 'node1' }] });
    try {
      const request = { key: 'retried', generalCount: 4, seed: 5 };
      // What an orchestrator leaves behind that dies between the two.
      const { number } = await new Ledger(system.space).enter(request, []);
      await expect(system.orchestrator.getRound({ number })).rejects.toMatchObject({ code: 'not_found' });
      const rounds = await Promise.all([1, 2, 3].map(() => system.orchestrator.startRound(request)));
      expect(rounds.map((round) => round.number)).toEqual([number, number, number]);
      const round = await system.finished(number);
      expect(statuses(round)).toEqual(allHold);
      const seats = { space: round.space, templates: [seatTemplate], countOnly: true };
      expect((await system.space.read(seats)).count).toBe(4);
    } finally {
      await system.stop();
    }
  });

  test('more rounds at once than the limit are refused, but for the retry of one that runs', async () => {
    const system = await startEmbeddedSystem({ nodes: [{ node: 'node1' }], roundsMax: 1 });
    try {
      const request: RoundRequest = {
        traitors: [{ general: 'general-2', strategy: 'silent' }],
        phaseMs: 60_000,
        key: 'once',
      };
      const { number } = await system.orchestrator.startRound(request);
      await expect(system.orchestrator.startRound({})).rejects.toMatchObject({ code: 'resource_exhausted' });
      expect((await system.orchestrator.startRound(request)).number).toBe(number);
      await system.orchestrator.cancelRound({ number, because: 'the test is over' });
      await system.run({});
    } finally {
      await system.stop();
    }
  });

  test('an ended round is dropped after its time, and its number is not given again', async () => {
    const system = await startEmbeddedSystem({ nodes: [{ node: 'node1' }], roundRetentionMs: 1 });
    try {
      const first = await system.run({});
      const isGone = async (): Promise<boolean> =>
        system.orchestrator.getRound({ number: first.number }).then(
          () => false,
          (error: { code: string }) => error.code === 'not_found',
        );
      await until('the round is dropped', isGone);
      expect((await system.orchestrator.startRound({})).number).toBe(first.number + 1);
    } finally {
      await system.stop();
    }
  });
});

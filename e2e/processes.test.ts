/**
 * The suite on processes, and what only processes show: every behaviour of a traitor among four, bad starts, clean ends.
 */

import type { TableAct, TraitorSpec, Vote } from '../services/consensus/index.js';
import { generalNodeContract } from '../services/general-node/index.js';
import { OrchestratorClient } from '../services/orchestrator/index.js';
import { GrpcChannel } from '../services/runtime/index.js';
import { any, connectService, Replicas, template } from '../services/tuplespace/index.js';
import { eventually } from './drivers/deployment.js';
import type { ProcessDeployment } from './drivers/processes.js';
import { endAll, startProcesses, startService } from './drivers/processes.js';
import { finished, roundsSuite, verdictOf } from './rounds.suite.js';

const startMsMax = 60_000;

// Whatever a failed test left behind.
afterAll(() => endAll());

describe('processes', () => {
  let deployment: ProcessDeployment | undefined;

  const running = (): ProcessDeployment => {
    if (deployment === undefined) throw new Error('the processes did not start');
    return deployment;
  };

  beforeAll(async () => {
    deployment = await startProcesses({ nodeCount: 4 });
  }, startMsMax);

  afterAll(() => deployment?.stop());

  roundsSuite(running);

  describe('every behaviour of one traitor among four, over gRPC (KA5)', () => {
    test('27 of a commander and 54 of a lieutenant: no violation', async () => {
      const channel = new GrpcChannel(running().orchestrator);
      const orchestrator = new OrchestratorClient(channel);
      const behaviours = [...commanderBehaviours(), ...lieutenantBehaviours()];
      expect(behaviours).toHaveLength(81);
      const broken: unknown[] = [];
      const runNext = async (): Promise<void> => {
        for (let next = behaviours.pop(); next !== undefined; next = behaviours.pop()) {
          const { number } = await orchestrator.startRound({
            generalCount: 4,
            faultCount: 1,
            phaseMs: 1_000,
            ...next,
          });
          const round = await finished(orchestrator, number);
          const { isWithin = false } = round.verdict ?? {};
          const held = Object.values(verdictOf(round)).every((status) => status === 'holds');
          if (!isWithin || !held) broken.push({ ...next, verdict: round.verdict });
        }
      };
      await Promise.all(Array.from({ length: 9 }, runNext));
      channel.close();
      expect(broken).toEqual([]);
    }, 120_000);
  });

  test('a general can be looked at on its node: votes by path, decision, messages, epoch', async () => {
    const channel = new GrpcChannel(running().orchestrator);
    const orchestrator = new OrchestratorClient(channel);
    const { number } = await orchestrator.startRound({ generalCount: 4, faultCount: 1, traitorCount: 0 });
    const { seats } = await finished(orchestrator, number);
    const seat = seats.find(({ general }) => general === 'general-2');
    const service = running().services.nodes.find(({ name }) => name === seat?.node);
    const node = new GrpcChannel(service?.address ?? '');
    const { methods } = generalNodeContract();
    const general = await node.unary(methods.GetGeneral, { round: number, general: 'general-2' });
    expect(general).toMatchObject({
      id: 'general-2',
      isCommander: false,
      isTraitor: false,
      decision: 'ATTACK',
      messageCount: '2',
      epoch: 1,
      status: 'decided',
    });
    expect(general.votes.map(({ path }) => path)).toEqual([
      ['general-0'],
      ['general-0', 'general-1'],
      ['general-0', 'general-3'],
    ]);
    await expect(
      node.unary(methods.GetGeneral, { round: number, general: 'general-9' }),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
    node.close();
    channel.close();
  });
});

describe('starts and ends', () => {
  test(
    'a node that brings its own list gets just those generals',
    async () => {
      const lists = [
        ['general-0', 'general-1'],
        ['general-2', 'general-3'],
      ];
      const deployment = await startProcesses({ nodeCount: 2, generalsOf: (i) => lists[i] ?? [] });
      try {
        const channel = new GrpcChannel(deployment.orchestrator);
        const orchestrator = new OrchestratorClient(channel);
        const { number } = await orchestrator.startRound({ generalCount: 4, faultCount: 1, seed: 1 });
        const { seats } = await finished(orchestrator, number);
        expect(seats.map(({ general, node }) => [general, node])).toEqual([
          ['general-0', 'node1'],
          ['general-1', 'node1'],
          ['general-2', 'node2'],
          ['general-3', 'node2'],
        ]);
        await expect(orchestrator.startRound({ generalCount: 7, traitorCount: 2 })).rejects.toMatchObject({
          code: 'unavailable',
          message: expect.stringMatching(/^3 of 7 generals have no node: general-4, general-5, general-6; /),
        });
        channel.close();
      } finally {
        await deployment.stop();
      }
    },
    startMsMax,
  );

  test(
    'a node killed in mid-round costs nothing: another one has its seat before the phase is over',
    async () => {
      const deployment = await startProcesses({ nodeCount: 4 });
      const channel = new GrpcChannel(deployment.orchestrator);
      const orchestrator = new OrchestratorClient(channel);
      const { number, seats } = await orchestrator.startRound({
        generalCount: 7,
        faultCount: 2,
        traitorCount: 1,
        traitors: [{ general: 'general-1', strategy: 'silent' }],
        phaseMs: 5_000,
      });
      // The silent traitor keeps the round waiting; meanwhile a node dies that holds one seat.
      const node = seats.find(({ general }) => general === 'general-3')?.node;
      expect(seats.filter((seat) => seat.node === node)).toHaveLength(1);
      await deployment.services.nodes.find(({ name }) => name === node)?.end('SIGKILL');
      const round = await finished(orchestrator, number);
      expect(round.verdict).toMatchObject({ isWithin: true, faultCount: 1, lost: [] });
      expect(round.seats.find(({ general }) => general === 'general-3')).toMatchObject({ epoch: 2 });
      expect(round.seats.filter((seat) => seat.node === node)).toEqual([]);
      expect(verdictOf(round)).toEqual({ agreement: 'holds', validity: 'holds', termination: 'holds' });
      await eventually('the dead node is noticed', async () => {
        const nodes = await orchestrator.listNodes();
        return nodes.find((one) => one.node === node)?.state === 'gone' ? nodes : undefined;
      });
      channel.close();
      await deployment.stop();
    },
    startMsMax,
  );

  test(
    'SIGTERM ends every process within 5 s with exit code 0, blocked calls with unavailable',
    async () => {
      const deployment = await startProcesses({ nodeCount: 2 });
      const replicas = new Replicas(deployment.tuplespace);
      const connection = connectService(replicas)('');
      const blocked = connection.space.take(
        { space: 'default', templates: [template('job', any)], waitMs: 60_000 },
        { signal: AbortSignal.timeout(20_000) },
      );
      const outcome = blocked.then(
        () => 'answered',
        (error: { code?: string }) => error.code,
      );
      await eventually('the take waits', async () => {
        const { spaces } = await connection.space.listSpaces({ prefix: 'default' });
        return spaces[0]?.waiterCount === 1 ? true : undefined;
      });
      const { tuplespaces, orchestrator, nodes } = deployment.services;
      const ends = await Promise.all(
        [...tuplespaces, orchestrator, ...nodes].map((service) => service.end('SIGTERM')),
      );
      for (const { code, tookMs } of ends) {
        expect(code).toBe(0);
        expect(tookMs).toBeLessThan(5_000);
      }
      expect(await outcome).toBe('unavailable');
      await connection.close();
      replicas.close();
    },
    startMsMax,
  );

  test(
    'a port in use is named, with exit code 69 and no stack',
    async () => {
      const deployment = await startProcesses({ nodeCount: 0 });
      const address = deployment.tuplespace;
      const second = startService('second', ['tuplespace', '--address', address], { address });
      expect(await second.exited).toBe(69);
      expect(second.log()).toContain(address);
      expect(second.log()).not.toMatch(/\n\s+at /);
      await deployment.stop();
    },
    startMsMax,
  );
});

type Behaviour = { readonly order: Vote; readonly traitors: readonly TraitorSpec[] };

const acts = ['Attack', 'Retreat', 'nothing'] as const;

function* commanderBehaviours(): Generator<Behaviour> {
  for (const first of acts) {
    for (const second of acts) {
      for (const third of acts) {
        const table = [first, second, third].map(
          (act, i): TableAct => ({
            phase: 0,
            from: 'general-0',
            to: `general-${i + 1}`,
            path: ['general-0'],
            act,
          }),
        );
        yield { order: 'Attack', traitors: [{ general: 'general-0', strategy: 'table', acts: table }] };
      }
    }
  }
}

function* lieutenantBehaviours(): Generator<Behaviour> {
  for (const order of ['Attack', 'Retreat'] as const) {
    for (const traitor of ['general-1', 'general-2', 'general-3']) {
      const others = ['general-1', 'general-2', 'general-3'].filter((general) => general !== traitor);
      for (const first of acts) {
        for (const second of acts) {
          const table = [first, second].map(
            (act, i): TableAct => ({
              phase: 1,
              from: traitor,
              to: others[i] ?? '',
              path: ['general-0', traitor],
              act,
            }),
          );
          yield { order, traitors: [{ general: traitor, strategy: 'table', acts: table }] };
        }
      }
    }
  }
}

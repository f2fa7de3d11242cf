/**
 * The suite on processes over the stores that outlive them, with two replicas of the tuple space, and what only such a deployment shows:
 * rounds that lose a replica, or the store, on their way.
 */
import { OrchestratorClient } from '../services/orchestrator/index.js';
import { checkHealth, GrpcChannel } from '../services/runtime/index.js';
import { eventually } from './drivers/deployment.js';
import type { ProcessDeployment } from './drivers/processes.js';
import { endAll, startProcesses } from './drivers/processes.js';
import type { DeployedStore } from './drivers/stores.js';
import { startStore } from './drivers/stores.js';
import { finished, roundsSuite, verdictOf } from './rounds.suite.js';

const startMsMax = 60_000;
const held = { agreement: 'holds', validity: 'holds', termination: 'holds' };

// Whatever a failed test left behind.
afterAll(() => endAll());

describe.each(['redis', 'postgres'] as const)(
  'processes over %s, two replicas of the tuple space',
  (name) => {
    let store: DeployedStore;
    let deployment: ProcessDeployment | undefined;

    const running = (): ProcessDeployment => {
      if (deployment === undefined) throw new Error('the processes did not start');
      return deployment;
    };

    beforeAll(async () => {
      store = await startStore(name);
      deployment = await startProcesses({ nodeCount: 4, replicaCount: 2, env: store.env });
    }, startMsMax);

    afterAll(async () => {
      await deployment?.stop();
      await store.stop();
    });

    roundsSuite(running);

    describe('in mid-round', () => {
      let channel: GrpcChannel;
      let orchestrator: OrchestratorClient;
      beforeAll(() => {
        channel = new GrpcChannel(running().orchestrator);
        orchestrator = new OrchestratorClient(channel);
      });
      afterAll(() => channel.close());

      /** A round that its silent traitor keeps waiting in phase 1 while something happens. */
      async function roundAround(happening: () => Promise<void>) {
        const { number } = await orchestrator.startRound({
          generalCount: 4,
          faultCount: 1,
          traitors: [{ general: 'general-3', strategy: 'silent' }],
          phaseMs: 2_000,
        });
        await happening();
        return finished(orchestrator, number);
      }

      test('the store is killed and comes back: all its record is there, and the round holds', async () => {
        const before = await orchestrator.listRounds({});
        const round = await roundAround(async () => {
          await store.server.kill();
          for (const { address } of running().services.tuplespaces) {
            await eventually(
              'the loss shows',
              () =>
                checkHealth({ address }).then(
                  () => undefined,
                  () => true,
                ),
              {
                withinMs: 2_000,
              },
            );
          }
          await store.server.restart();
        });
        expect(verdictOf(round)).toEqual(held);
        expect(round.verdict).toMatchObject({ isWithin: true });
        const after = await orchestrator.listRounds({ beforeNumber: round.number });
        expect(after.map(({ number, decisions }) => [number, decisions])).toEqual(
          before.map(({ number, decisions }) => [number, decisions]),
        );
      }, 60_000);

      test('a replica of the tuple space is killed: no general is lost by it', async () => {
        const [first] = running().services.tuplespaces;
        const round = await roundAround(async () => {
          await first?.end('SIGKILL');
        });
        expect(verdictOf(round)).toEqual(held);
        expect(round.verdict).toMatchObject({ isWithin: true, faultCount: 1, lost: [] });
        expect(await orchestrator.listNodes()).toHaveLength(4);
      }, 60_000);
    });
  },
);

/**
 * A tuple space that loses its memory under services that go on: they enrol again by themselves, what was lost is told as lost, and
 * the next round is as any other.
 */
import { type Orchestrator, OrchestratorClient } from '../services/orchestrator/index.js';
import { GrpcChannel } from '../services/runtime/index.js';
import { eventually } from './drivers/deployment.js';
import { endAll, type ProcessDeployment, startProcesses } from './drivers/processes.js';
import { finished, verdictOf } from './rounds.suite.js';

const testMsMax = 90_000;
const request = { generalCount: 4, faultCount: 1, seed: 1, key: 'same' };

let deployment: ProcessDeployment;
let channel: GrpcChannel;
let orchestrator: Orchestrator;

beforeAll(async () => {
  deployment = await startProcesses({ nodeCount: 2 });
  channel = new GrpcChannel(deployment.orchestrator);
  orchestrator = new OrchestratorClient(channel);
}, testMsMax);

afterAll(async () => {
  channel.close();
  await deployment.stop();
  await endAll();
}, testMsMax);

async function loseMemory(): Promise<void> {
  const [tuplespace] = deployment.services.tuplespaces;
  await tuplespace?.end('SIGKILL');
  await tuplespace?.restart();
}

/** Resolves when the nodes and the orchestrator have come back. */
async function comeBack(): Promise<void> {
  await eventually('both nodes are enrolled again', async () => {
    const nodes = await orchestrator.listNodes().catch(() => []);
    return nodes.filter(({ state }) => state === 'live').length === 2 ? true : undefined;
  });
}

/** A round with the key of one that was lost, and with nothing else of it. */
async function runAnew(expectedNumber: number): Promise<void> {
  const { number } = await orchestrator.startRound(request);
  expect(number).toBe(expectedNumber);
  const round = await finished(orchestrator, number);
  expect(verdictOf(round)).toEqual({ agreement: 'holds', validity: 'holds', termination: 'holds' });
  expect(round.verdict?.lost).toEqual([]);
}

test(
  'when all is quiet: nodes and orchestrator enrol again, and no number is given twice',
  async () => {
    await runAnew(1);
    await loseMemory();
    await comeBack();
    await expect(orchestrator.getRound({ number: 1 })).rejects.toMatchObject({ code: 'not_found' });
    await runAnew(2);
    expect(deployment.services.orchestrator.log()).toContain('space.forgot');
  },
  testMsMax,
);

test(
  'while a round runs: whoever watches it is told that it is gone, and its generals are not in the way',
  async () => {
    await loseMemory();
    await comeBack();
    const { number } = await orchestrator.startRound({
      ...request,
      traitors: [{ general: 'general-1', strategy: 'silent' }],
      phaseMs: 20_000,
    });
    const watching = finished(orchestrator, number);
    const failure = expect(watching).rejects.toMatchObject({
      code: 'not_found',
      message: 'round 3 is unknown, or was dropped',
    });
    await loseMemory();
    await failure;
    await comeBack();
    await runAnew(4);
  },
  testMsMax,
);

test(
  'with the orchestrator: a new one counts from one, and what the nodes had under that number is not in the way',
  async () => {
    const { orchestrator: service } = deployment.services;
    await loseMemory();
    await service.end('SIGKILL');
    await service.restart();
    await comeBack();
    await runAnew(1);
  },
  testMsMax,
);

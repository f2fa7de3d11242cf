/**
 * `byz fault` on processes: a node that crashes, hangs and is woken, and one that does not allow it.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { checkHealth } from '../services/runtime/index.js';
import { eventually } from './drivers/deployment.js';
import type { NodeProcess, ProcessDeployment } from './drivers/processes.js';
import { endAll, startProcesses } from './drivers/processes.js';

const startMsMax = 60_000;
/** Longer than the test: only a recovery ends it. */
const longHang = '10m';

let deployment: ProcessDeployment;

beforeAll(async () => {
  deployment = await startProcesses({ nodeCount: 1, env: { BYZANTINE_GENERAL_NODE_CHAOS: 'true' } });
}, startMsMax);

afterAll(async () => {
  await deployment.stop();
  await endAll();
});

function fault(at: ProcessDeployment, ...args: string[]) {
  const main = resolve('dist/services/cli/main.js');
  const all = [main, 'fault', ...args, '--orchestrator', at.orchestrator];
  const { status, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8' });
  return { status, stderr };
}

function node(): NodeProcess {
  const [first] = deployment.services.nodes;
  if (first === undefined) throw new Error('the node did not start');
  return first;
}

function answers(): Promise<boolean> {
  const question = { address: node().address, signal: AbortSignal.timeout(1_000) };
  return checkHealth(question).then(
    () => true,
    () => false,
  );
}

const isTrue = (look: () => Promise<boolean>) => async () => ((await look()) ? true : undefined);

test('a node that hangs answers nobody, and goes on when it is woken, long before its time', async () => {
  expect(await answers()).toBe(true);
  expect(fault(deployment, 'hang', 'node1', '--for', longHang)).toMatchObject({ status: 0 });
  await eventually(
    'it is silent',
    isTrue(async () => !(await answers())),
  );
  expect(fault(deployment, 'recover', 'node1')).toMatchObject({ status: 0 });
  await eventually('it answers', isTrue(answers));
  expect(fault(deployment, 'recover', 'node1')).toMatchObject({
    status: 64,
    stderr: expect.stringContaining('does not hang'),
  });
}, 60_000);

test('a node that hangs for a time goes on by itself', async () => {
  expect(fault(deployment, 'hang', 'node1', '--for', '2s')).toMatchObject({ status: 0 });
  await eventually(
    'it is silent',
    isTrue(async () => !(await answers())),
  );
  await eventually('it answers', isTrue(answers));
}, 60_000);

test('a node that crashes ends at once, with nothing said', async () => {
  await eventually('it is enrolled', async () =>
    fault(deployment, 'hang', 'node1', '--for', '100ms').status === 0 ? true : undefined,
  );
  await eventually('it answers', isTrue(answers));
  expect(fault(deployment, 'crash', 'node1')).toMatchObject({ status: 0 });
  // Null: ended by a signal.
  expect(await node().exited).toBeNull();
  expect(node().log()).not.toContain('process.stopping');
}, 60_000);

test('a fault that makes no sense is refused', () => {
  expect(fault(deployment, 'hang', 'node1', '--for', '1h')).toMatchObject({ status: 64 });
  expect(fault(deployment, 'crash', 'node9')).toMatchObject({
    status: 64,
    stderr: expect.stringContaining('no node "node9" is enrolled'),
  });
});

test(
  'a node that does not allow it is left alone, and the setting is named',
  async () => {
    const quiet = await startProcesses({ nodeCount: 1 });
    const [own] = quiet.services.nodes;
    for (const kind of ['crash', 'hang']) {
      expect(fault(quiet, kind, 'node1')).toMatchObject({
        status: 64,
        stderr: expect.stringContaining('BYZANTINE_GENERAL_NODE_CHAOS'),
      });
    }
    await checkHealth({ address: own?.address ?? '' });
    await quiet.stop();
  },
  startMsMax,
);

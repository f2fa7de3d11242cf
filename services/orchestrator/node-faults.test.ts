import { createServer } from 'node:net';
import { nodeTuple } from '../general-node/control-tuples.js';
import { controlSpace, hungTemplate, startGeneralNode } from '../general-node/index.js';
import { silentLog, systemClock } from '../runtime/index.js';
import { connectStore, MemoryStore, type TupleSpace } from '../tuplespace/index.js';
import { freePort } from '../tuplespace/testing/free-port.js';
import { faultNode } from './node-faults.js';

// What a fault does to a process needs a process: e2e/chaos.test.ts. Here is what is refused before anything happens.

let store: MemoryStore;
let space: TupleSpace;
const nodes: { stop(): Promise<void> }[] = [];

async function startNode(node: string): Promise<void> {
  const common = { generals: [], secret: '', clock: systemClock, log: silentLog };
  const limits = { leaseMs: 3_000, leaseGraceMs: 500, seatsMax: 10, drainMs: 0 };
  const restarts = { restartMax: 3, restartWindowMs: 10_000, endedMax: 10 };
  const options = { ...common, ...limits, ...restarts };
  nodes.push(await startGeneralNode({ node, connect: connectStore(store), ...options }));
}

beforeAll(async () => {
  store = new MemoryStore({ clock: systemClock, version: 'test' });
  await store.start();
  const { token } = await store.session('').enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
  space = store.session(token);
  await startNode('embedded');
});

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await store.stop();
});

test('a node that is not enrolled is not found, and those that are, are named', async () => {
  await expect(faultNode(space, { node: 'node9', kind: 'crash' })).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringContaining('embedded'),
  });
});

test('a node without a service of its own is left alone', async () => {
  await expect(faultNode(space, { node: 'embedded', kind: 'crash' })).rejects.toMatchObject({
    code: 'failed_precondition',
  });
});

test('a node that does not hang cannot be woken, and nothing is written', async () => {
  await expect(faultNode(space, { node: 'embedded', kind: 'recover' })).rejects.toMatchObject({
    code: 'failed_precondition',
  });
  const { tuples } = await space.read({ space: controlSpace, templates: [hungTemplate('embedded')] });
  expect(tuples).toEqual([]);
});

test('a node that is gone before its answer is: it is said that the crash may have happened', async () => {
  const port = await freePort();
  const server = createServer((socket) => socket.once('data', () => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const self = { node: 'brittle', incarnation: 'one', address: `127.0.0.1:${port}`, generals: [] };
  const limits = { seatsMax: 1, leaseMs: 3_000, enrolledAtMs: 0 };
  const { token } = await store.session('').enrol({ kind: 'node', id: self.node, secret: '' });
  await store.session(token).write({ space: controlSpace, tuples: [nodeTuple({ ...self, ...limits })] });
  await expect(faultNode(space, { node: 'brittle', kind: 'crash' })).rejects.toMatchObject({
    code: expect.stringMatching(/^(unavailable|deadline_exceeded)$/),
    message: expect.stringContaining('the crash may have happened all the same'),
  });
  await new Promise((resolve) => server.close(resolve));
});

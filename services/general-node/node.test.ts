import { silentLog, systemClock } from '../runtime/index.js';
import { until } from '../runtime/testing/conditions.js';
import type { Connect, RunningTupleSpace, TupleSpace } from '../tuplespace/index.js';
import {
  connectService,
  connectStore,
  createToken,
  hashToken,
  MemoryStore,
  Replicas,
  startTupleSpace,
} from '../tuplespace/index.js';
import { assignmentTemplate, assignmentTuple, controlSpace, nodeTemplate } from './control-tuples.js';
import { Node, type NodeOptions } from './node.js';
import { roundSettings, roundSpace } from './tuples.js';

const leaseMs = 150;

async function openStore(): Promise<MemoryStore> {
  const store = new MemoryStore({ clock: systemClock, version: 'test' });
  await store.start();
  return store;
}

async function asOrchestrator(store: MemoryStore): Promise<TupleSpace> {
  const { token } = await store.session('').enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
  return store.session(token);
}

function createNode(connect: Connect, options: Partial<NodeOptions> = {}): Node {
  return new Node({
    node: 'node1',
    incarnation: 'first',
    address: '',
    generals: [],
    connect,
    secret: '',
    clock: systemClock,
    log: silentLog,
    leaseMs,
    leaseGraceMs: 50,
    seatsMax: 10,
    drainMs: 0,
    restartMax: 3,
    restartWindowMs: 1_000,
    endedMax: 2,
    ...options,
  });
}

/** Waits in the space until as many nodes stand there. */
async function enrolledNodes(space: TupleSpace, min: number): Promise<readonly string[]> {
  const read = { space: controlSpace, templates: [nodeTemplate()], min, waitMs: 5_000 };
  const { tuples } = await space.read(read);
  return tuples.map(({ writer }) => writer);
}

async function assign(
  space: TupleSpace,
  { round, general }: { round: number; general: string },
): Promise<void> {
  const token = createToken();
  const name = roundSpace(round);
  await space.putSpace({ space: name, settings: roundSettings });
  await space.putToken({
    tokenHash: hashToken(token),
    caller: { kind: 'general', id: general, epoch: 1, space: name },
  });
  const assignment = { node: 'node1', incarnation: 'first', round, general, epoch: 1, token };
  await space.write({ space: controlSpace, tuples: [assignmentTuple(assignment)] });
}

describe('a node', () => {
  let store: MemoryStore;
  let space: TupleSpace;
  let node: Node;

  beforeEach(async () => {
    store = await openStore();
    space = await asOrchestrator(store);
    node = createNode(connectStore(store));
    await node.start();
  });

  afterEach(async () => {
    await node.stop();
    await store.stop();
  });

  test('stands in the control space for as long as it lives, past its lease', async () => {
    expect(await enrolledNodes(space, 1)).toEqual(['node1']);
    const startedMs = performance.now();
    await until('three leases', () => performance.now() - startedMs > 3 * leaseMs);
    expect(await enrolledNodes(space, 1)).toEqual(['node1']);
  });

  test('is gone at once when it stops', async () => {
    await node.stop();
    expect((await space.read({ space: controlSpace, templates: [nodeTemplate()] })).tuples).toEqual([]);
  });

  test('keeps its id for itself: another node with the same id is refused, and told who has it', async () => {
    const second = createNode(connectStore(store), { incarnation: 'second' });
    await expect(second.start()).rejects.toMatchObject({
      code: 'already_exists',
      message: expect.stringMatching(/"node1" is the id of another node, there since \d{4}-/),
    });
    await second.stop();
    expect(await enrolledNodes(space, 1)).toEqual(['node1']);
  });

  test('starts a general for each seat and keeps it to be looked at when the seat is gone', async () => {
    await assign(space, { round: 1, general: 'general-1' });
    await until('a seat', () => node.seats.list().length === 1);
    expect(node.seats.get(1, 'general-1')).toMatchObject({ round: 1, epoch: 1 });
    await space.take({ space: controlSpace, templates: [assignmentTemplate({ round: 1 })] });
    for (const round of [2, 3, 4]) {
      await assign(space, { round, general: 'general-1' });
      await space.take({ space: controlSpace, templates: [assignmentTemplate({ round })] });
    }
    // Only the last two ended ones are kept.
    await until(
      'the last two seats',
      () => node.seats.list().length === 2 && node.seats.list()[1]?.round === 4,
    );
    expect(() => node.seats.get(1, 'general-1')).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  test('an assignment that nobody but a stranger wrote is no seat', async () => {
    const { token } = await store.session('').enrol({ kind: 'client', id: 'stranger', secret: '' });
    const seat = { node: 'node1', incarnation: 'first', round: 9, general: 'general-1', epoch: 1 };
    const assignment = { ...seat, token: 'x' };
    await store.session(token).write({ space: controlSpace, tuples: [assignmentTuple(assignment)] });
    await assign(space, { round: 1, general: 'general-1' });
    await until('a seat', () => node.seats.list().length > 0);
    expect(node.seats.list().map(({ round }) => round)).toEqual([1]);
  });
});

test('a node whose space came back without memory enrols there', async () => {
  const serve = async (address: string): Promise<{ store: MemoryStore; service: RunningTupleSpace }> => {
    const store = new MemoryStore({ clock: systemClock, version: 'test' });
    return { store, service: await startTupleSpace({ address, store, log: silentLog }) };
  };
  const first = await serve('127.0.0.1:0');
  const replicas = new Replicas(first.service.address);
  const node = createNode(connectService(replicas));
  await node.start();
  await first.service.stop();
  const second = await serve(first.service.address);
  const space = await asOrchestrator(second.store);
  await until('the node in the new space', async () => {
    const { spaces } = await space.listSpaces({ prefix: controlSpace });
    return spaces.length === 1;
  });
  expect(await enrolledNodes(space, 1)).toEqual(['node1']);
  await node.stop();
  replicas.close();
  await second.service.stop();
});

test('a wrong secret keeps a node out', async () => {
  const store = new MemoryStore({ clock: systemClock, version: 'test', enrolmentSecret: 'sesame' });
  await store.start();
  const node = createNode(connectStore(store));
  await expect(node.start()).rejects.toMatchObject({ code: 'unauthenticated' });
  await node.stop();
  await store.stop();
});

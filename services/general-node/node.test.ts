import { oral } from '../consensus/testing/builders.js';
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
import {
  assignmentTemplate,
  assignmentTuple,
  controlSpace,
  nodeTemplate,
  readReturned,
  returnedTemplate,
} from './control-tuples.js';
import { Node, type NodeOptions } from './node.js';
import { startGeneralNode } from './start.js';
import { briefTuple, roundSettings, roundSpace, roundTuple } from './tuples.js';

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
  return new Node({ ...nodeOptions(connect), ...options });
}

function nodeOptions(connect: Connect): NodeOptions {
  return {
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
  };
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
  await space.putSpace({ space: name, settings: roundSettings(oral(4, 1)) });
  await space.putToken({
    tokenHash: hashToken(token),
    caller: { kind: 'general', id: general, epoch: 1, space: name },
  });
  const assignment = { node: 'node1', incarnation: 'first', round, general, epoch: 1, token };
  await space.write({ space: controlSpace, tuples: [assignmentTuple(assignment)] });
}

/** What a general must find in its round's space to begin. */
async function begin(
  space: TupleSpace,
  { round, general }: { round: number; general: string },
): Promise<void> {
  const name = roundSpace(round);
  await space.putSpace({ space: name, settings: roundSettings(oral(4, 1)) });
  const first = roundTuple({ number: round, setting: oral(4, 1), protocolVersion: 1, phaseMs: 60_000 });
  await space.write({ space: name, tuples: [first, briefTuple({ general })] });
}

async function returnedSeats(space: TupleSpace, min = 1) {
  const read = { space: controlSpace, templates: [returnedTemplate()], min, waitMs: 5_000 };
  const { tuples } = await space.read(read);
  return tuples.map(readReturned);
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

  test('gives back a seat that it cannot hold, and the others go on', async () => {
    await begin(space, { round: 1, general: 'general-1' });
    await assign(space, { round: 1, general: 'general-1' });
    // Nobody says what the general of the second round has to do.
    await assign(space, { round: 2, general: 'general-2' });
    const [returned] = await returnedSeats(space);
    expect(returned).toMatchObject({ node: 'node1', round: 2, general: 'general-2', epoch: 1 });
    expect(returned?.because).toMatch(/no brief/);
    await until('the first general is at work', () => node.seats.get(1, 'general-1').status === 'running');
    expect(node.seats.get(2, 'general-2').status).toBe('failed');
  });

  test('nobody but the orchestrator gives seats, and a node learns of no other’s', async () => {
    const seat = { node: 'node1', incarnation: 'first', round: 9, general: 'general-1', epoch: 1 };
    const assignment = { ...seat, token: 'x' };
    for (const kind of ['client', 'node'] as const) {
      const { token } = await store.session('').enrol({ kind, id: 'stranger', secret: '' });
      const stranger = store.session(token);
      const acts = [
        stranger.write({ space: controlSpace, tuples: [assignmentTuple(assignment)] }),
        stranger.read({ space: controlSpace, templates: [assignmentTemplate({ node: 'node1' })] }),
        stranger.read({ space: controlSpace, templates: [assignmentTemplate({})] }),
        stranger.take({ space: controlSpace, templates: [nodeTemplate()] }),
      ];
      for (const act of acts) await expect(act).rejects.toMatchObject({ code: 'permission_denied' });
    }
  });
});

test.each([
  [1, 1],
  [2, 0],
])('a node of %i seats gives back %i of two', async (seatsMax, returnedCount) => {
  const store = await openStore();
  const space = await asOrchestrator(store);
  const node = createNode(connectStore(store), { seatsMax });
  await node.start();
  for (const general of ['general-1', 'general-2']) {
    await begin(space, { round: 1, general });
    await assign(space, { round: 1, general });
  }
  const isAtWork = () => node.seats.list().filter(({ status }) => status === 'running').length === seatsMax;
  await until('its seats are taken', isAtWork);
  expect(await returnedSeats(space, returnedCount)).toHaveLength(returnedCount);
  await node.stop();
  await store.stop();
});

test('a list that names a general twice is refused', async () => {
  const generals = ['general-0', 'general-1', 'general-0'];
  const { node: id, incarnation: _, address: __, ...options } = nodeOptions(connectStore(await openStore()));
  await expect(startGeneralNode({ ...options, node: id, generals })).rejects.toMatchObject({
    code: 'invalid_argument',
    message: 'generals: general-0 is named twice',
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

import { drainingTuple, nodeTuple } from '../general-node/control-tuples.js';
import type { Assignment } from '../general-node/index.js';
import { assignmentTuple, orchestratorId, returnedTuple } from '../general-node/index.js';
import type { StoredTuple, Tuple } from '../tuplespace/index.js';
import { Roster } from './roster.js';

function stored(values: Tuple, writer = String(values[1])): StoredTuple {
  return { id: 1n, values, writer, writerEpoch: 0, revision: 1n, writtenAtMs: 0, deliveryCount: 0 };
}

function node(id: string, incarnation = `${id} once`): StoredTuple {
  const limits = { seatsMax: 10, leaseMs: 3_000, enrolledAtMs: 0 };
  return stored(nodeTuple({ node: id, incarnation, address: '', generals: [], ...limits }));
}

const seat: Assignment = {
  node: 'a',
  incarnation: 'a once',
  round: 1,
  general: 'general-2',
  epoch: 2,
  token: 'secret',
};

const given = stored(assignmentTuple(seat), orchestratorId);

function returned(node: string, epoch: number): StoredTuple {
  return stored(returnedTuple({ ...seat, node, epoch, because: 'it failed' }));
}

const draining = (incarnation: string) => stored(drainingTuple({ node: 'a', incarnation }));

test.each<[string, readonly StoredTuple[], string | undefined]>([
  ['held while its node is there', [node('a')], undefined],
  ['homeless when its node is gone', [node('b')], 'gone'],
  ['homeless when another process has the id of its node', [node('a', 'a again')], 'gone'],
  ['homeless when its node is draining', [node('a'), draining('a once')], 'draining'],
  ['held when an earlier process of that id was draining', [node('a'), draining('a before')], undefined],
  ['homeless when its node gave it back', [node('a'), returned('a', 2)], 'returned'],
  ['held when its node gave an earlier epoch of it back', [node('a'), returned('a', 1)], undefined],
  ['held when another node says that it gives it back', [node('a'), node('b'), returned('b', 2)], undefined],
  ['held when a stranger says so in its name', [node('a'), { ...returned('a', 2), writer: 'b' }], undefined],
])('a seat is %s', (_, tuples, because) => {
  expect(new Roster([given, ...tuples]).homelessBecause(seat)).toBe(because);
});

test('seats go to nodes that stay, and count where they are', () => {
  const roster = new Roster([
    given,
    node('a'),
    node('b'),
    node('c'),
    stored(drainingTuple({ node: 'c', incarnation: 'c once' })),
  ]);
  const loads = roster.placeable(1).map((one) => [one.node, one.roundSeatCount, one.seatCount]);
  expect(loads).toEqual([
    ['a', 1, 1],
    ['b', 0, 0],
  ]);
  expect(roster.placeable(2)[0]).toMatchObject({ node: 'a', roundSeatCount: 0, seatCount: 1 });
});

test('a seat that is given back after its round has ended leaves nothing to be moved', () => {
  expect(new Roster([node('a'), returned('a', 2)]).endedRounds()).toEqual([1]);
  expect(new Roster([given, node('a'), returned('a', 2)]).endedRounds()).toEqual([]);
});

test('a node that gave a seat back is not asked again, in whatever epoch', () => {
  const roster = new Roster([node('a'), node('b'), returned('b', 1)]);
  expect(roster.hasReturned('b', seat)).toBe(true);
  expect(roster.hasReturned('a', seat)).toBe(false);
  expect(roster.hasReturned('b', { ...seat, general: 'general-3' })).toBe(false);
});

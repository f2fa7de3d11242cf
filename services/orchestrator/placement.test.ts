import { largestLoss, placeGenerals } from './placement.js';

const generals = ['general-0', 'general-1', 'general-2', 'general-3'];

interface Load {
  readonly generals?: readonly string[];
  readonly seatCount?: number;
  readonly roundSeatCount?: number;
  readonly seatsMax?: number;
}

function node(id: string, load: Load = {}) {
  return { node: id, generals: [], seatCount: 0, roundSeatCount: 0, seatsMax: 100, ...load };
}

test('generals spread evenly over nodes that take any', () => {
  const { placed, missing } = placeGenerals(generals, [node('b'), node('a')]);
  expect(Object.fromEntries(placed)).toEqual({
    'general-0': 'a',
    'general-1': 'b',
    'general-2': 'a',
    'general-3': 'b',
  });
  expect(missing).toEqual([]);
  expect(largestLoss(placed)).toBe(2);
});

test('one general a node costs one general when a node is lost', () => {
  const nodes = generals.map((id) => node(`node-of-${id}`));
  expect(largestLoss(placeGenerals(generals, nodes).placed)).toBe(1);
});

test('what the loss of a node would cost the round counts first, then its load', () => {
  const busy = [node('a', { seatCount: 5 }), node('b')];
  expect([...placeGenerals(generals, busy).placed.values()]).toEqual(['b', 'a', 'b', 'a']);
  const moved = [node('a', { roundSeatCount: 2, seatCount: 2 }), node('b', { seatCount: 9 })];
  expect([...placeGenerals(['general-3'], moved).placed.values()]).toEqual(['b']);
});

test('a node that brings its own list gets those generals and no others', () => {
  const { placed } = placeGenerals(generals, [
    node('a', { generals: ['general-2', 'general-9'] }),
    node('b', { seatCount: 9 }),
  ]);
  expect(placed.get('general-2')).toBe('a');
  expect([...placed].filter(([, id]) => id === 'a')).toHaveLength(1);
});

test('a general that nobody serves is missing, and the others have their nodes', () => {
  const { placed, missing } = placeGenerals(generals, [
    node('n1', { generals: ['general-0', 'general-1'] }),
    node('n2', { generals: ['general-2'] }),
  ]);
  expect(missing).toEqual(['general-3']);
  expect(placed.size).toBe(3);
});

test.each([
  [3, ['general-3']],
  [4, []],
])('a node takes no more than its %i seats', (seatsMax, missing) => {
  expect(placeGenerals(generals, [node('a', { seatsMax })]).missing).toEqual(missing);
});

test('a general is kept from a node that it is barred from', () => {
  const isBarred = (general: string, id: string) => general === 'general-0' && id === 'a';
  expect(placeGenerals(['general-0'], [node('a'), node('b')], isBarred).placed.get('general-0')).toBe('b');
  expect(placeGenerals(['general-0'], [node('a')], isBarred).missing).toEqual(['general-0']);
});

import { largestLoss, placeGenerals } from './placement.js';

const generals = ['general-0', 'general-1', 'general-2', 'general-3'];

function node(id: string, options: { generals?: string[]; seatCount?: number } = {}) {
  return { node: id, generals: options.generals ?? [], seatCount: options.seatCount ?? 0 };
}

test('generals spread evenly over nodes that take any', () => {
  const placed = placeGenerals(generals, [node('b'), node('a')]);
  expect(Object.fromEntries(placed)).toEqual({
    'general-0': 'a',
    'general-1': 'b',
    'general-2': 'a',
    'general-3': 'b',
  });
  expect(largestLoss(placed)).toBe(2);
});

test('one general a node costs one general when a node is lost', () => {
  expect(
    largestLoss(
      placeGenerals(
        generals,
        generals.map((id) => node(`node-of-${id}`)),
      ),
    ),
  ).toBe(1);
});

test('seats of other rounds count when the load is compared', () => {
  const placed = placeGenerals(['general-0', 'general-1'], [node('a', { seatCount: 5 }), node('b')]);
  expect([...placed.values()]).toEqual(['b', 'b']);
});

test('a node that brings its own list gets those generals and no others', () => {
  const placed = placeGenerals(generals, [
    node('a', { generals: ['general-2', 'general-9'] }),
    node('b', { seatCount: 9 }),
  ]);
  expect(placed.get('general-2')).toBe('a');
  expect([...placed].filter(([, id]) => id === 'a')).toHaveLength(1);
});

test('a general that nobody serves is named, with who is there', () => {
  const place = (): unknown =>
    placeGenerals(generals, [
      node('n1', { generals: ['general-0', 'general-1'] }),
      node('n2', { generals: ['general-2'] }),
    ]);
  expect(place).toThrow(expect.objectContaining({ code: 'failed_precondition' }));
  expect(place).toThrow(/general-3.*n1 \(general-0, general-1\).*n2/);
});

test('without any node the error says how to start one', () => {
  expect(() => placeGenerals(generals, [])).toThrow(/byz general-node/);
});

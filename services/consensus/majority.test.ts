import { majority } from './majority.js';

describe('majority', () => {
  it.each([
    [['A', 'A', 'R'], 'A'],
    [['A', 'R', 'A', 'R', 'A'], 'A'],
    [['R', 'A', 'A'], 'A'],
    [['A'], 'A'],
  ])('of %j is the value in more than half of the positions', (values, expected) => {
    expect(majority(values, 'default')).toBe(expected);
  });

  it.each([
    { what: 'a tie', values: ['A', 'R'] },
    { what: 'a longer tie', values: ['A', 'A', 'R', 'R'] },
    { what: 'three distinct values', values: ['x', 'y', 'z'] },
    { what: 'a plurality', values: ['A', 'A', 'R', 'x'] },
    { what: 'no values', values: [] },
  ])('of $what is the default', ({ values }) => {
    expect(majority(values, 'default')).toBe('default');
  });
});

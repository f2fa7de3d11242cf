import { nearestName, suggestName } from './nearest.js';

const known = ['silent', 'two-faced', 'staged', 'Attack'];

test.each([
  ['silnt', 'silent'],
  ['twofaced', 'two-faced'],
  ['attack', 'Attack'],
  ['STAGED', 'staged'],
])('%s is near %s', (name, nearest) => {
  expect(nearestName(name, known)).toBe(nearest);
});

test('a name that shares nothing with any known one is near to none', () => {
  expect(nearestName('xqqqqqqqqqqqx', known)).toBeUndefined();
  expect(nearestName('silent', [])).toBeUndefined();
});

test('where nothing is near, all known names are told', () => {
  expect(suggestName('xqqqqqqqqqqqx', ['a', 'b'])).toBe('; known: a, b');
});

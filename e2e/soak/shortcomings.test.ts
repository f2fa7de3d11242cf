import { type SoakResult, shortcomings } from './shortcomings.js';

const figures = {
  rounds: 3,
  held: 3,
  outside: 0,
  violated: [],
  unfinished: [],
  doubled: 0,
  fenced: 2,
  lost: 1,
  longestMs: 900,
};
const node = { name: 'node4', residentMiB: 100, handles: 30 };
const sound: SoakResult = {
  figures,
  strikes: new Map([['kill -9 a node', 1]]),
  vitals: { before: [node], after: [{ name: 'node4', residentMiB: 198, handles: 54 }] },
  history: 'valid',
};

test('a soak within every bound has none', () => {
  expect(shortcomings(sound)).toEqual([]);
});

test.each<[string, Partial<SoakResult>]>([
  ['no round held', { figures: { ...figures, held: 0 } }],
  ['no fault struck', { strikes: new Map() }],
  ['2 rounds violated', { figures: { ...figures, violated: [4, 7] } }],
  ['1 rounds without a verdict', { figures: { ...figures, unfinished: [5] } }],
  ['1 slots with two values', { figures: { ...figures, doubled: 1 } }],
  ['the history is invalid', { history: 'invalid' }],
  ['not flat: node4', { vitals: { before: [node], after: [{ ...node, residentMiB: 199 }] } }],
  ['not flat: node4', { vitals: { before: [node], after: [{ ...node, handles: 55 }] } }],
])('%s', (said, wrong) => {
  expect(shortcomings({ ...sound, ...wrong })).toEqual([said]);
});

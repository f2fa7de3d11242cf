/**
 * The vote tree of a general at every moment: what it has heard, what it has not heard yet, and what it makes of it.
 */
import { momentsOf } from '../../../record/index.js';
import { fourCan } from '../lessons/four-can.js';
import { traceOfLesson } from '../lessons/lesson.js';
import { nodeDies } from '../lessons/node-dies.js';
import { openLevels, type VoteLine, visibleLines, voteLines } from './vote-lines.js';

/** The tree of general-1 after each event. */
function treesOf(trace: ReturnType<typeof traceOfLesson>): readonly (VoteLine | undefined)[] {
  return momentsOf(trace.events, trace.started).map((moment, place) => {
    const own = moment.get('general-1');
    return own === undefined ? undefined : voteLines(own, trace, place);
  });
}

const all = (): boolean => true;
const heardIn = (root: VoteLine | undefined) =>
  root === undefined ? [] : visibleLines(root, all).map(({ line }) => line.heard);

test('a tree starts empty, and fills as messages come', () => {
  const trees = treesOf(traceOfLesson(fourCan));
  const counts = trees.map((root) => heardIn(root).filter((heard) => heard !== undefined).length);
  expect(counts[0]).toBe(0);
  expect(counts.at(-1)).toBe(3);
  expect(counts).toEqual(counts.toSorted((one, other) => one - other));
});

test('what may still come is pending, and nothing is once the general has decided', () => {
  const trees = treesOf(traceOfLesson(fourCan));
  const pending = trees.map((root) =>
    root === undefined ? [] : visibleLines(root, all).filter(({ line }) => line.isPending),
  );
  expect(pending[0]).toHaveLength(3);
  expect(pending.at(-1)).toHaveLength(0);
});

test('a majority stands once all that it counts has come or can come no more', () => {
  const roots = treesOf(traceOfLesson(fourCan)).filter((root) => root !== undefined);
  const tallies = [...new Set(roots.map(({ tally, value }) => `${tally}: ${value ?? 'open'}`))];
  expect(tallies).toEqual([
    '0 Attack, 0 Retreat, 3 may still come: open',
    '1 Attack, 0 Retreat, 2 may still come: open',
    '2 Attack, 0 Retreat, 1 may still come: open',
    '2 Attack, 1 Retreat: Attack',
  ]);
});

test('what is gathered from all that came is open until the general has decided', () => {
  const king = { ...fourCan, round: { ...fourCan.round, protocol: 'king', generalCount: 5 } } as const;
  const roots = treesOf(traceOfLesson(king)).filter((root) => root !== undefined);
  expect(roots.every(({ isSummary }) => isSummary)).toBe(true);
  expect(roots[0]?.value).toBeUndefined();
  expect(roots.at(-1)?.value).toBe('Attack');
});

test('the majority is written out, and the lie is marked and can be gone to', () => {
  const trace = traceOfLesson(fourCan);
  const root = treesOf(trace).at(-1);
  expect(root).toMatchObject({
    claim: 'general-0 said',
    heard: 'Attack',
    tally: '2 Attack, 1 Retreat',
    value: 'Attack',
  });
  const [lie] = root?.children.filter(({ isFalse }) => isFalse) ?? [];
  expect(lie).toMatchObject({ claim: 'general-3 said that general-0 said', heard: 'Retreat' });
  expect(trace.events[lie?.index ?? -1]).toMatchObject({ kind: 'message', message: { from: 'general-3' } });
});

test('what never came counts as Retreat, and is not pending', () => {
  const root = treesOf(traceOfLesson(nodeDies)).at(-1);
  const silent = root?.children.find(({ claim }) => claim.startsWith('general-2'));
  expect(silent).toMatchObject({ heard: undefined, isPending: false, value: 'Retreat', index: undefined });
});

test('only so many levels stand open that what is seen stays small', () => {
  const root = treesOf(traceOfLesson(fourCan)).at(-1);
  if (root === undefined) throw new Error('general-1 hears something');
  expect(openLevels(root, 3)).toBe(1);
  expect(openLevels(root, 2)).toBe(0);
  expect(visibleLines(root, () => false)).toHaveLength(1);
});

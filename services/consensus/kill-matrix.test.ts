/**
 * A test of the tests: which of our ways to look for a treason finds which planted bug. A bug that none finds would
 * mean that they say little; a row that changes means that a way became weaker or stronger. `npm run kill:matrix`
 * prints the whole.
 */
import { type RoundPlan, simulateRound } from './run.js';
import { isKilledBy } from './testing/bugged-rounds.js';
import { ids, oral, tableOf, twoFacedOver } from './testing/builders.js';
import { killMatrix, type Suite, suites } from './testing/kill-matrix.js';
import { plantedBugs } from './testing/planted-bugs.js';
import type { TraitorSpec } from './traitors/spec.js';

/** For each way an x or a point for each bug, in the order of the suite. */
function rowsOf(suite: Suite | undefined): Record<string, string> {
  if (suite === undefined) throw new Error('there are three suites');
  const marks = (found: readonly string[]) =>
    suite.bugs.map((bug) => (found.includes(bug) ? 'x' : '.')).join('');
  return Object.fromEntries([...killMatrix(suite)].map(([way, found]) => [way, marks(found)]));
}

// Some seconds each; far more where the machine is busy.
jest.setTimeout(180_000);

describe('the kill matrix', () => {
  const [oralSuite, signedSuite, kingSuite] = suites;

  it('OM: at n = 4 four of six bugs stay hidden from every behaviour there is; at n = 7 each is found', () => {
    expect(oralSuite?.bugs).toEqual([
      ...['flat majority', 'leaves only', 'tie to own vote', 'tie by id'],
      ...['absent skipped', 'own vote left out'],
    ]);
    expect(rowsOf(oralSuite)).toEqual({
      'prove (n = 4, m = 1)': '.x...x',
      'strategy silent': 'xx...x',
      'strategy flip': 'xx...x',
      'strategy random': 'xxxx.x',
      'strategy two-faced': 'xx...x',
      'strategy staged': 'xxxx.x',
      'strategy omit': 'xxxxxx',
      'strategy collude': '.x...x',
      'strategy king-hunter': 'xxxx.x',
      'strategy twins': '.xxx.x',
      'strategy late': 'xxxxxx',
      'strategy forge-path': 'xx...x',
      'strategy wrong-recipient': 'xx...x',
      'strategy wrong-phase': 'xx...x',
      'strategy replay': '......',
      'search two-faced': 'xx...x',
      'search staged': 'xxxx.x',
      'search random': 'xxxxxx',
    });
  });

  it('SM: the late reveal (KA13) is found by going through everything, and by nothing else', () => {
    expect(signedSuite?.bugs).toEqual([
      ...['late reveal', 'signatures unchecked', 'last signature only', 'vote not covered'],
      ...['one order kept', 'second not relayed', 'first obeyed', 'a phase too few'],
    ]);
    expect(rowsOf(signedSuite)).toEqual({
      'prove (n = 3, m = 1 or n = 4, m = 1 or n = 4, m = 2)': 'xxxxxxxx',
      'strategy silent': '........',
      'strategy flip': '.xxx....',
      'strategy random': '.xxxx.x.',
      'strategy two-faced': '.xxxx.x.',
      'strategy staged': '.xxxx.x.',
      'strategy omit': '.xxx....',
      'strategy collude': '....x.x.',
      'strategy king-hunter': '.xxxx.x.',
      'strategy twins': '....x.x.',
      'strategy late': '.xxx....',
      'strategy forge-path': '........',
      'strategy wrong-recipient': '........',
      'strategy wrong-phase': '........',
      'strategy replay': '........',
      'search two-faced': '.xxxx.x.',
      'search staged': '.xxxx.x.',
      'search random': '.xxxxxxx',
    });
  });

  it('King: each bug is found by going through everything, and by some strategy', () => {
    expect(kingSuite?.bugs).toEqual([
      ...['at least m', 'one turn', 'same king', 'any king', 'votes counted', 'two phases'],
    ]);
    expect(rowsOf(kingSuite)).toEqual({
      'prove (n = 4, m = 1)': 'xxxxxx',
      'strategy silent': '...x..',
      'strategy flip': 'x.....',
      'strategy random': 'xxxxxx',
      'strategy two-faced': 'xxxxxx',
      'strategy staged': 'x..xx.',
      'strategy omit': 'xxxx..',
      'strategy collude': 'xxxxxx',
      'strategy king-hunter': 'xxxxxx',
      'strategy twins': '.xxx.x',
      'strategy late': 'xxxx..',
      'strategy forge-path': '...x..',
      'strategy wrong-recipient': '...x..',
      'strategy wrong-phase': 'xx.x..',
      'strategy replay': '......',
      'search two-faced': 'xx...x',
      'search staged': 'x..x..',
      'search random': 'xx.x.x',
    });
  });
});

describe('the flat majority at n = 7', () => {
  const setting = oral(7, 2);
  const flat = plantedBugs['flat majority'];
  const isFooled = (traitors: readonly TraitorSpec[]) => {
    const plan: RoundPlan = { setting, order: 'Attack', traitors, seed: 0 };
    return isKilledBy(flat, plan, simulateRound(plan));
  };

  it('is fooled by two lieutenants that flip everything', () => {
    expect(isFooled(ids(5, 6).map((general) => ({ general, strategy: 'flip' })))).toBe(true);
  });

  it('withstands a traitor in command and one in the ranks, two-faced over any camp', () => {
    for (let camp = 0; camp < 2 ** 5; camp += 1) {
      const members = ids(1, 2, 3, 4, 5).filter((_, bit) => (camp >>> bit) % 2 === 1);
      expect(isFooled(twoFacedOver(setting, ids(0, 6), members))).toBe(false);
    }
  });

  it('is fooled by the same two, consistent in phase 1 and splitting the others in phase 2', () => {
    const staged = (first: readonly string[], last: readonly string[], uniform: 'Attack' | 'Retreat') =>
      ids(0, 6).map((general) =>
        tableOf(setting, general, ({ phase, to }) => {
          if (phase === 1) return uniform;
          return (phase === 0 ? first : last).includes(to) ? 'Attack' : 'Retreat';
        }),
      );
    const camps = Array.from({ length: 2 ** 5 }, (_, camp) =>
      ids(1, 2, 3, 4, 5).filter((_id, bit) => (camp >>> bit) % 2 === 1),
    );
    const isAnyFooled = camps.some((first) =>
      camps.some(
        (last) => isFooled(staged(first, last, 'Attack')) || isFooled(staged(first, last, 'Retreat')),
      ),
    );
    expect(isAnyFooled).toBe(true);
  });
});

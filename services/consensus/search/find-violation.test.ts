import { simulateRound } from '../run.js';
import { isBroken, oral } from '../testing/builders.js';
import { findViolation } from './find-violation.js';

describe('the search for a violation', () => {
  it.each([
    { n: 3, m: 1 },
    { n: 6, m: 2 },
    { n: 5, m: 2 },
    { n: 9, m: 3 },
  ])('finds one at n = $n, m = $m, and it can be run again', ({ n, m }) => {
    const setting = oral(n, m);
    const found = findViolation({ setting });
    expect(found?.verdict.isWithin).toBe(false);
    expect(found?.traitors).toHaveLength(m);
    const again = found && simulateRound({ setting, ...found });
    expect(again?.verdict).toEqual(found?.verdict);
    expect(again && isBroken(again)).toBe(true);
  });

  it('finds one when one more betrays than the round is dimensioned for', () => {
    expect(findViolation({ setting: oral(4, 1), traitorCount: 2 })?.verdict).toMatchObject({ faultCount: 2 });
  });

  it('finds none within the bound', () => {
    expect(findViolation({ setting: oral(4, 1), runsMax: 500 })).toBeUndefined();
    expect(findViolation({ setting: oral(7, 2), runsMax: 500 })).toBeUndefined();
  });

  it('stops after the runs it was given', () => {
    expect(findViolation({ setting: oral(3, 1), runsMax: 0 })).toBeUndefined();
  });

  it('ends without traitors, and refuses more of them than there are generals', () => {
    expect(findViolation({ setting: oral(4, 1), traitorCount: 0, runsMax: 10 })).toBeUndefined();
    for (const traitorCount of [5, -1, 0.5]) {
      expect(() => findViolation({ setting: oral(4, 1), traitorCount })).toThrow('can betray');
    }
  });
});

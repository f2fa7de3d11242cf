import { om } from './om.js';
import { oral } from './testing/builders.js';

describe('the cost of OM(m)', () => {
  it.each([
    { n: 4, m: 1, messageCount: 9, tupleCount: 9, received: 3 },
    { n: 7, m: 2, messageCount: 156, tupleCount: 66, received: 26 },
    { n: 10, m: 3, messageCount: 3_609, tupleCount: 225, received: 401 },
    { n: 13, m: 4, messageCount: 108_384, tupleCount: 540, received: 9_032 },
    { n: 16, m: 5, messageCount: 3_999_675, tupleCount: 1_065, received: 266_645 },
    { n: 3, m: 1, messageCount: 4, tupleCount: 4, received: 2 },
    { n: 2, m: 2, messageCount: 1, tupleCount: 1, received: 1 },
    { n: 5, m: 0, messageCount: 4, tupleCount: 4, received: 1 },
  ])('is $messageCount values in $tupleCount tuples at n = $n, m = $m', ({ n, m, ...counts }) => {
    expect(om.cost(oral(n, m))).toEqual({
      phaseCount: m + 1,
      messageCount: counts.messageCount,
      tupleCount: counts.tupleCount,
      receivedPerLieutenant: counts.received,
    });
  });

  it('is exact while it is a safe integer, and Infinity above', () => {
    expect(om.cost(oral(31, 10)).messageCount).toBe(2_295_012_833_333_700);
    expect(om.cost(oral(40, 13)).messageCount).toBe(Number.POSITIVE_INFINITY);
    expect(om.cost(oral(400, 399)).messageCount).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    [4, 1],
    [7, 2],
    [6, 2],
    [3, 1],
    [2, 1],
    [4, 4],
  ])('at n = %i, m = %i is what its slots and paths come to', (n, m) => {
    const setting = oral(n, m);
    const phases = Array.from({ length: om.phaseCount(setting) }, (_, phase) => phase);
    const slots = phases.flatMap((phase) => om.slots(setting, phase));
    const values = slots.flatMap((slot) => om.paths(setting, slot));
    const { tupleCount, messageCount, receivedPerLieutenant } = om.cost(setting);
    expect(slots).toHaveLength(tupleCount);
    expect(values).toHaveLength(messageCount);
    const own = slots.filter(({ to }) => to === 'general-1').flatMap((slot) => om.paths(setting, slot));
    expect(own).toHaveLength(receivedPerLieutenant);
  });
});

describe('the bound of OM(m)', () => {
  it.each([
    { n: 4, m: 1, isWithin: true, numbers: '4 ≥ 4' },
    { n: 3, m: 1, isWithin: false, numbers: '3 < 4' },
    { n: 7, m: 2, isWithin: true, numbers: '7 ≥ 7' },
    { n: 6, m: 2, isWithin: false, numbers: '6 < 7' },
    { n: 2, m: 0, isWithin: true, numbers: '2 ≥ 1' },
  ])('says $numbers at n = $n, m = $m', ({ n, m, isWithin, numbers }) => {
    expect(om.bound(oral(n, m))).toEqual({ isWithin, rule: 'n ≥ 3m + 1', numbers });
  });
});

import { om } from './om.js';
import { ids, oral } from './testing/builders.js';

describe('slots and paths of OM(m)', () => {
  it('begin with the commander to everybody, then every lieutenant to every other', () => {
    const setting = oral(3, 1);
    expect(om.slots(setting, 0)).toEqual([
      { phase: 0, from: 'general-0', to: 'general-1' },
      { phase: 0, from: 'general-0', to: 'general-2' },
    ]);
    expect(om.slots(setting, 1)).toEqual([
      { phase: 1, from: 'general-1', to: 'general-2' },
      { phase: 1, from: 'general-2', to: 'general-1' },
    ]);
  });

  it('hold the paths that end in the sender and miss the recipient, in canonical order', () => {
    const [slot] = om
      .slots(oral(5, 2), 2)
      .filter(({ from, to }) => from === 'general-3' && to === 'general-1');
    expect(slot && om.paths(oral(5, 2), slot)).toEqual([ids(0, 2, 3), ids(0, 4, 3)]);
  });

  it('follow the order of the setting, whoever commands', () => {
    const setting = { ...oral(4, 1), generals: ids(2, 0, 3, 1), commander: 'general-3' };
    expect(om.slots(setting, 0).map(({ to }) => to)).toEqual(ids(2, 0, 1));
  });

  it('share one array for one path, whoever it goes to', () => {
    const [first] = om.paths(oral(7, 2), { phase: 2, from: 'general-1', to: 'general-2' });
    const again = om.paths(oral(7, 2), { phase: 2, from: 'general-1', to: 'general-4' });
    expect(first).toEqual(ids(0, 3, 1));
    expect(again.find((path) => path === first)).toBeDefined();
  });

  it('tell general-1 from general-10', () => {
    const paths = om.paths(oral(13, 2), { phase: 2, from: 'general-1', to: 'general-2' });
    expect(paths).toHaveLength(10);
    expect(paths).toContainEqual(ids(0, 10, 1));
  });

  it.each([
    { why: 'a phase beyond the last', phase: 2, from: 1, to: 2 },
    { why: 'a phase before the first', phase: -1, from: 0, to: 2 },
    { why: 'half a phase', phase: 0.5, from: 0, to: 2 },
    { why: 'a lieutenant in phase 0', phase: 0, from: 1, to: 2 },
    { why: 'the commander in phase 1', phase: 1, from: 0, to: 2 },
    { why: 'anything to the commander', phase: 1, from: 1, to: 0 },
    { why: 'anything to oneself', phase: 1, from: 1, to: 1 },
    { why: 'a stranger', phase: 1, from: 9, to: 1 },
    { why: 'anything to a stranger', phase: 0, from: 0, to: 9 },
  ])('owe nothing for $why', ({ phase, from, to }) => {
    const slot = { phase, from: `general-${from}`, to: `general-${to}` };
    expect(om.paths(oral(4, 1), slot)).toEqual([]);
  });

  it('are owed path by path as they are listed', () => {
    const setting = oral(5, 2);
    const slot = { phase: 2, from: 'general-3', to: 'general-1' };
    for (const path of om.paths(setting, slot)) expect(om.isOwed(setting, slot, path)).toBe(true);
    for (const path of [
      ids(0, 1, 3),
      ids(0, 3, 3),
      ids(2, 4, 3),
      ids(0, 2),
      ids(0, 2, 4),
      ids(0, 9, 3),
      [],
    ]) {
      expect(om.isOwed(setting, slot, path)).toBe(false);
    }
  });

  it('can be asked about one path of a round that is far too large to enumerate', () => {
    const slot = { phase: 10, from: 'general-10', to: 'general-30' };
    expect(om.isOwed(oral(31, 10), slot, ids(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10))).toBe(true);
  });
});

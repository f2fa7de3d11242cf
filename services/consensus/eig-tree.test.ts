import { explainTree, levelSize, rankOf, resolve, treeShape } from './eig-tree.js';
import { om } from './om.js';
import { ids, oral } from './testing/builders.js';

describe('the tree of one receiver', () => {
  it.each([
    [4, 1],
    [7, 2],
    [6, 3],
    [12, 2],
  ])('ranks every path it can hear at n = %i, m = %i, each level without gaps', (n, m) => {
    const setting = oral(n, m);
    const shape = treeShape(setting, 'general-2');
    for (let phase = 0; phase <= m; phase += 1) {
      const slots = om.slots(setting, phase).filter(({ to }) => to === 'general-2');
      const ranks = slots.flatMap((slot) => om.paths(setting, slot)).map((path) => rankOf(shape, path));
      const inOrder = ranks.toSorted((left, right) => (left ?? -1) - (right ?? -1));
      expect(inOrder).toEqual(Array.from({ length: levelSize(shape, phase) }, (_, rank) => rank));
    }
  });

  it('keeps the children of a path together in the next level', () => {
    const shape = treeShape(oral(7, 3), 'general-2');
    expect(rankOf(shape, ids(0, 3))).toBe(1);
    expect([1, 4, 5, 6].map((child) => rankOf(shape, ids(0, 3, child)))).toEqual([4, 5, 6, 7]);
  });

  it.each([
    { what: 'another commander', path: ids(1, 3) },
    { what: 'the receiver', path: ids(0, 2) },
    { what: 'a general twice', path: ids(0, 3, 3) },
    { what: 'the commander twice', path: ids(0, 0) },
    { what: 'a stranger', path: ids(0, 7) },
    { what: 'too many generals', path: ids(0, 1, 3, 4) },
    { what: 'nobody', path: [] },
  ])('has no place for a path with $what', ({ path }) => {
    expect(rankOf(treeShape(oral(7, 2), 'general-2'), path)).toBeUndefined();
  });

  it('takes a majority of majorities, not of everything', () => {
    const shape = treeShape(oral(4, 2), 'general-1');
    const heard = [['Attack'], ['Attack', 'Retreat'], ['Retreat', 'Retreat']] as const;
    // 0 > 2 is own Attack and one Retreat, a tie; 0 > 3 is Retreat; so 0 is own Attack and two Retreats.
    expect(resolve(shape, heard)).toEqual([['Retreat'], ['Retreat', 'Retreat'], ['Retreat', 'Retreat']]);
  });

  it('explains what was heard and what it came to, and leaves out what was not heard', () => {
    const shape = treeShape(oral(4, 1), 'general-1');
    expect(explainTree(shape, [['Attack'], [undefined, 'Attack']])).toEqual({
      path: ids(0),
      heard: 'Attack',
      value: 'Attack',
      children: [
        { path: ids(0, 2), value: 'Retreat', children: [] },
        { path: ids(0, 3), heard: 'Attack', value: 'Attack', children: [] },
      ],
    });
  });
});

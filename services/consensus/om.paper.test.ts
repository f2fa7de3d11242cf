/**
 * Examples and theorems of Lamport, Shostak and Pease 1982, and what follows from them.
 */
import { type OmState, om } from './om.js';
import type { Vote, VoteNode } from './protocol.js';
import { simulateRound } from './run.js';
import { decisionsOf, ids, isBroken, oral, tableOf, twoFacedOver, viewOf } from './testing/builders.js';

const lieutenants = ids(1, 2, 3);

describe('three lieutenants, one traitor: OM(1), n = 4', () => {
  const setting = oral(4, 1);

  it('two loyal lieutenants obey a loyal commander though the third lies (figure 3)', () => {
    const liar = tableOf(setting, 'general-3', () => 'Retreat');
    const round = simulateRound({ setting, order: 'Attack', traitors: [liar], seed: 0 });
    expect(decisionsOf(round, ids(1, 2))).toEqual(['Attack', 'Attack']);
    expect(om.explain(round.states.get('general-1') as OmState)).toEqual({
      path: ids(0),
      heard: 'Attack',
      value: 'Attack',
      children: [
        { path: ids(0, 2), heard: 'Attack', value: 'Attack', children: [] },
        { path: ids(0, 3), heard: 'Retreat', value: 'Retreat', children: [] },
      ],
    });
  });

  it('three loyal lieutenants hold the same votes under a traitor in command (figure 4)', () => {
    const liar = tableOf(setting, 'general-0', ({ to }) => (to === 'general-3' ? 'Retreat' : 'Attack'));
    const round = simulateRound({ setting, order: 'Attack', traitors: [liar], seed: 0 });
    expect(decisionsOf(round, lieutenants)).toEqual(['Attack', 'Attack', 'Attack']);
    for (const general of lieutenants) {
      const held = everyHeard(om.explain(round.states.get(general) as OmState));
      expect(held.filter((vote) => vote === 'Attack')).toHaveLength(2);
      expect(held.filter((vote) => vote === 'Retreat')).toHaveLength(1);
    }
  });
});

describe('no solution for three generals with one traitor (section 2)', () => {
  const setting = oral(3, 1);
  const liar = (order: Vote) =>
    simulateRound({
      setting,
      order,
      traitors: [tableOf(setting, 'general-2', () => 'Retreat')],
      seed: 0,
    });

  it('a lie by a lieutenant undoes an order to attack', () => {
    const round = liar('Attack');
    expect(round.decisions.get('general-1')).toBe('Retreat');
    expect(round.verdict.validity.status).toBe('violated');
  });

  it('the default hides the same lie when the order is to retreat', () => {
    expect(isBroken(liar('Retreat'))).toBe(false);
  });

  it('a lieutenant cannot tell a lying comrade from a lying commander: both views are the same bytes', () => {
    const commander = tableOf(setting, 'general-0', ({ to }) => (to === 'general-1' ? 'Attack' : 'Retreat'));
    const lyingCommander = simulateRound({ setting, order: 'Attack', traitors: [commander], seed: 0 });
    const lyingComrade = liar('Attack');
    expect(JSON.stringify(viewOf(lyingComrade, 'general-1'))).toBe(
      JSON.stringify(viewOf(lyingCommander, 'general-1')),
    );
    expect(om.explain(lyingComrade.states.get('general-1') as OmState)).toEqual(
      om.explain(lyingCommander.states.get('general-1') as OmState),
    );
  });
});

describe('n = 3m: OM(2) with 6 generals', () => {
  const setting = oral(6, 2);

  it('two lying lieutenants make a loyal order to attack fail', () => {
    const traitors = ids(4, 5).map((general) => ({ general, strategy: 'flip' as const }));
    const round = simulateRound({ setting, order: 'Attack', traitors, seed: 0 });
    expect(round.verdict.validity.status).toBe('violated');
  });

  it('two-faced over two of three, they split the loyal lieutenants', () => {
    const traitors = twoFacedOver(setting, ids(4, 5), ids(1, 2));
    const round = simulateRound({ setting, order: 'Attack', traitors, seed: 0 });
    expect(decisionsOf(round, ids(1, 2, 3))).toEqual(['Attack', 'Attack', 'Retreat']);
  });

  it('one general more and the same treason is in vain', () => {
    const larger = oral(7, 2);
    const traitors = twoFacedOver(larger, ids(5, 6), ids(1, 2));
    const round = simulateRound({ setting: larger, order: 'Attack', traitors, seed: 0 });
    expect(isBroken(round)).toBe(false);
    expect(decisionsOf(round, ids(1, 2, 3, 4))).toEqual(['Attack', 'Attack', 'Attack', 'Attack']);
  });
});

describe('more traitors than m: OM(2) with 7 generals and three traitors', () => {
  const setting = oral(7, 2);

  it('the commander among them, they split the loyal lieutenants', () => {
    const traitors = twoFacedOver(setting, ids(0, 5, 6), ids(1, 2));
    const round = simulateRound({ setting, order: 'Attack', traitors, seed: 0 });
    expect(decisionsOf(round, ids(1, 2, 3, 4))).toEqual(['Attack', 'Attack', 'Retreat', 'Retreat']);
    expect(round.verdict).toMatchObject({
      isWithin: false,
      faultCount: 3,
      agreement: { status: 'violated' },
    });
  });

  it('all three lieutenants, they make a loyal order fail', () => {
    const traitors = ids(4, 5, 6).map((general) => ({ general, strategy: 'flip' as const }));
    expect(isBroken(simulateRound({ setting, order: 'Attack', traitors, seed: 0 }))).toBe(true);
  });
});

describe('too few phases: OM(1) with 7 generals and two traitors', () => {
  it('a split order and a lieutenant that feeds the split leave the loyal divided', () => {
    const setting = oral(7, 1);
    const camp = ids(1, 2, 3);
    const round = simulateRound({
      setting,
      order: 'Attack',
      traitors: twoFacedOver(setting, ids(0, 6), camp),
      seed: 0,
    });
    expect(decisionsOf(round, ids(1, 2, 3, 4, 5))).toEqual([
      'Attack',
      'Attack',
      'Attack',
      'Retreat',
      'Retreat',
    ]);
  });

  it('with one phase more the same treason is in vain', () => {
    const setting = oral(7, 2);
    const traitors = twoFacedOver(setting, ids(0, 6), ids(1, 2, 3));
    expect(isBroken(simulateRound({ setting, order: 'Attack', traitors, seed: 0 }))).toBe(false);
  });
});

describe('absence counts as the default', () => {
  it('a silent commander and a two-faced lieutenant cannot divide the loyal', () => {
    const setting = oral(7, 2);
    for (const camp of [ids(1, 2, 3), ids(1), ids(1, 2, 3, 4, 5)]) {
      const traitors = [
        { general: 'general-0', strategy: 'silent' as const },
        ...twoFacedOver(setting, ids(6), camp),
      ];
      const round = simulateRound({ setting, order: 'Attack', traitors, seed: 0 });
      expect(new Set(decisionsOf(round, ids(1, 2, 3, 4, 5)))).toEqual(new Set(['Retreat']));
    }
  });

  it('saying nothing and saying the default come to the same', () => {
    const setting = oral(7, 2);
    for (const order of ['Attack', 'Retreat'] as const) {
      const [silent, retreating] = (['nothing', 'Retreat'] as const).map((act) =>
        simulateRound({
          setting,
          order,
          traitors: ids(0, 5).map((id) => tableOf(setting, id, () => act)),
          seed: 0,
        }),
      );
      const loyal = ids(1, 2, 3, 4, 6);
      expect(silent && decisionsOf(silent, loyal)).toEqual(retreating && decisionsOf(retreating, loyal));
    }
  });
});

describe('ids of two digits', () => {
  it('general-1 and general-10 betray, and the loyal still obey: n = 13, m = 2', () => {
    const setting = oral(13, 2);
    for (const strategy of ['flip', 'two-faced', 'staged', 'omit'] as const) {
      const traitors = ids(1, 10).map((general) => ({ general, strategy }));
      const round = simulateRound({ setting, order: 'Attack', traitors, seed: 11 });
      expect(round.verdict).toMatchObject({ isWithin: true, validity: { status: 'holds' } });
      expect(round.ignored).toEqual([]);
    }
  });

  it('a round of OM(4) with 13 generals and four traitors holds', () => {
    const setting = oral(13, 4);
    const traitors = ids(0, 1, 10, 11).map((general) => ({ general, strategy: 'staged' as const }));
    const round = simulateRound({ setting, order: 'Attack', traitors, seed: 3 });
    expect(round.messages.reduce((sum, { entries }) => sum + entries.length, 0)).toBe(108_384);
    expect(round.verdict.agreement.status).toBe('holds');
  });
});

function everyHeard(node: VoteNode | undefined): (Vote | undefined)[] {
  return node === undefined ? [] : [node.heard, ...node.children.flatMap(everyHeard)];
}

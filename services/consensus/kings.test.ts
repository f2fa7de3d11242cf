/**
 * King, Phase King and the majorities: known answers, from the literature and recomputed.
 */
import { kingRules } from './king.js';
import { lockStep } from './lock-step.js';
import type { Setting, Vote } from './protocol.js';
import { type SimulatedRound, simulateRound } from './run.js';
import { ids, isBroken } from './testing/builders.js';
import { everyRound, inputsOf, lettersOf, placesOf, settingOf, tableFor } from './testing/rounds.js';
import type { TableAct } from './traitors/table.js';

describe('King at n = 4, m = 1', () => {
  const setting = settingOf({ protocol: 'king', isCouncil: true }, 4, 1);

  it.each(['AAR', 'ARR'])('withstands every vote and proposal of its first king, inputs R%s', (letters) => {
    const inputs = inputsOf(`R${letters}`);
    const turn = ['Attack', 'Retreat', 'nothing'] as const;
    let count = 0;
    for (const saying of turn.slice(0, letters === 'AAR' ? 3 : 1)) {
      for (const round of everySaying(setting, { phases: [0, 1], otherwise: saying, inputs })) {
        count += 1;
        expect([round.verdict.agreement.status, round.verdict.validity.status]).toEqual(['holds', 'holds']);
      }
    }
    expect(count).toBe((letters === 'AAR' ? 3 : 1) * 3 ** 6);
  });

  it('keeps what all loyal generals propose, whoever is king', () => {
    const traitors = [tableFor(setting, 'general-0', () => 'Retreat')];
    const round = simulateRound({ setting, order: 'Attack', traitors, seed: 0 });
    expect(lettersOf(round, ids(1, 2, 3))).toBe('AAA');
  });

  it('has m + 1 kings, all different', () => {
    const king = lockStep(kingRules);
    const seven = settingOf({ protocol: 'king', isCouncil: true }, 7, 2);
    const kings = [2, 5, 8].map((phase) => [...new Set(king.slots(seven, phase).map(({ from }) => from))]);
    expect(kings).toEqual([ids(0), ids(1), ids(2)]);
  });
});

describe('Phase King', () => {
  it('KA12: breaks validity at n = 4, m = 1: all loyal generals propose R, and a treacherous king makes them A', () => {
    const setting = settingOf({ protocol: 'phase-king', isCouncil: true }, 4, 1);
    const traitors = [tableFor(setting, 'general-0', () => 'Attack')];
    const round = simulateRound({ setting, order: 'Retreat', traitors, seed: 0 });
    expect(lettersOf(round, ids(1, 2, 3))).toBe('AAA');
    expect(round.verdict).toMatchObject({ isWithin: false, validity: { status: 'violated' } });
  });

  it('withstands whatever the first king says as king at n = 5, m = 1', () => {
    const setting = settingOf({ protocol: 'phase-king', isCouncil: true }, 5, 1);
    const inputs = inputsOf('RAARR');
    const rounds = [...everySaying(setting, { phases: [1], otherwise: 'Retreat', inputs })];
    expect(rounds).toHaveLength(3 ** 4);
    expect(rounds.filter(isBroken)).toEqual([]);
  });
});

describe('the majorities', () => {
  it('KA11: one liar splits three loyal generals that are near a tie', () => {
    const setting = settingOf({ protocol: 'majority', isCouncil: true }, 4, 1);
    const liar = tableFor(setting, 'general-3', ({ to }) => (to === 'general-2' ? 'Retreat' : 'Attack'));
    const inputs = inputsOf('AARA');
    const round = simulateRound({ setting, order: 'Attack', inputs, traitors: [liar], seed: 0 });
    expect(lettersOf(round, ids(0, 1, 2))).toBe('AAR');
  });

  it('a board takes the same liar its two faces', () => {
    const setting = settingOf({ protocol: 'majority', mode: 'board', isCouncil: true }, 4, 1);
    const inputs = inputsOf('AARA');
    for (const round of everyRound(setting, 'general-3', {
      order: 'Attack',
      inputs,
      sayings: ['Attack', 'Retreat', 'nothing', 'both'],
    })) {
      expect(round.verdict).toMatchObject({ isWithin: true, agreement: { status: 'holds' } });
    }
  });

  it('KA9: one relay is too few at n = 7, m = 2', () => {
    const setting = settingOf({ protocol: 'majority' }, 7, 2);
    const commander = tableFor(setting, 'general-0', ({ to }) =>
      ids(1, 2, 3).includes(to) ? 'Attack' : 'Retreat',
    );
    const helper = tableFor(setting, 'general-6', ({ to }) =>
      ids(1, 2, 3).includes(to) ? 'Attack' : 'Retreat',
    );
    const round = simulateRound({ setting, order: 'Attack', traitors: [commander, helper], seed: 0 });
    expect(lettersOf(round, ids(1, 2, 3, 4, 5))).toBe('AAARR');
  });

  it('KA10: two liars that flip everything outvote a flat majority at n = 7, m = 2, and OM(2) not', () => {
    const traitors = ids(5, 6).map((general) => ({ general, strategy: 'flip' as const }));
    const flat = settingOf({ protocol: 'flat' }, 7, 2);
    const round = simulateRound({ setting: flat, order: 'Attack', traitors, seed: 0 });
    expect(lettersOf(round, ids(1, 2, 3, 4))).toBe('RRRR');
    const om = settingOf({ protocol: 'om' }, 7, 2);
    expect(lettersOf(simulateRound({ setting: om, order: 'Attack', traitors, seed: 0 }), ids(1, 2))).toBe(
      'AA',
    );
  });
});

/** Everything that general-0 can say in some phases; in the others it says one thing to everybody. */
function* everySaying(
  setting: Setting,
  given: {
    readonly phases: readonly number[];
    readonly otherwise: 'Attack' | 'Retreat' | 'nothing';
    readonly inputs: ReadonlyMap<string, Vote>;
  },
): Generator<SimulatedRound> {
  const { phases, otherwise, inputs } = given;
  const sayings = ['Attack', 'Retreat', 'nothing'] as const;
  const places = placesOf(setting, 'general-0');
  const free = places.filter(({ phase }) => phases.includes(phase));
  const fixed = places
    .filter(({ phase }) => !phases.includes(phase))
    .map((place): TableAct => ({ ...place, act: otherwise }));
  for (let number = 0; number < sayings.length ** free.length; number += 1) {
    const said = free.map((place, index): TableAct => {
      return {
        ...place,
        act: sayings[Math.floor(number / sayings.length ** index) % sayings.length] ?? otherwise,
      };
    });
    const traitors = [{ general: 'general-0', strategy: 'table', acts: [...said, ...fixed] }] as const;
    yield simulateRound({ setting, order: 'Attack', inputs, traitors, seed: 0 });
  }
}

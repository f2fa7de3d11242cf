/**
 * All behaviours of one traitor, where they can be counted: OM(1) with values Attack, Retreat and nothing.
 */
import { type Setting, votes } from './protocol.js';
import type { SimulatedRound } from './run.js';
import { everyTreason, isBroken, oral } from './testing/builders.js';

const sayings = ['Attack', 'Retreat', 'nothing'] as const;

function allTreasons(setting: Setting): SimulatedRound[] {
  const inCommand = [...everyTreason(setting, { traitor: setting.commander, order: 'Attack', sayings })];
  const lieutenants = setting.generals.filter((general) => general !== setting.commander);
  const inTheRanks = lieutenants.flatMap((traitor) =>
    votes.flatMap((order) => [...everyTreason(setting, { traitor, order, sayings })]),
  );
  return [...inCommand, ...inTheRanks];
}

describe('every behaviour of one traitor', () => {
  it('leaves agreement and validity unharmed at n = 4: 27 in command, 54 in the ranks', () => {
    const rounds = allTreasons(oral(4, 1));
    expect(rounds).toHaveLength(81);
    for (const { verdict } of rounds) {
      expect([verdict.agreement.status, verdict.validity.status, verdict.termination.status]).toEqual([
        'holds',
        'holds',
        'holds',
      ]);
    }
  });

  it('breaks validity at n = 3 in four of 21: a lieutenant that hides or denies an order to attack', () => {
    const rounds = allTreasons(oral(3, 1));
    expect(rounds).toHaveLength(21);
    const broken = rounds.filter(isBroken);
    expect(broken).toHaveLength(4);
    for (const { verdict } of broken) {
      expect(verdict).toMatchObject({
        isWithin: false,
        agreement: { status: 'violated' },
        validity: { status: 'violated' },
      });
    }
  });
});

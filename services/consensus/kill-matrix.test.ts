/**
 * A test of the tests: which strategy finds which planted bug. A bug that no strategy finds would mean that
 * our searches say little; a row that changes means that a strategy became weaker or stronger.
 */
import { type Setting, votes } from './protocol.js';
import { type RoundPlan, simulateRound } from './run.js';
import { isKilledBy } from './testing/bugged-rounds.js';
import { everyTreason, ids, isBroken, oral, tableOf, twoFacedOver } from './testing/builders.js';
import { type PlantedBugName, plantedBugs } from './testing/planted-bugs.js';
import type { TraitorSpec } from './traitors/spec.js';
import { type Strategy, strategies } from './traitors/strategies.js';

const bugNames = Object.keys(plantedBugs) as PlantedBugName[];

/** The planted bugs that a strategy finds, by any m traitors, either order and the first few seeds. */
function killsOf(strategy: Strategy, setting: Setting): PlantedBugName[] {
  const killed = new Set<PlantedBugName>();
  for (const plan of plansOf(strategy, setting)) {
    const round = simulateRound(plan);
    if (isBroken(round)) throw new Error(`OM(m) itself is broken by ${JSON.stringify(plan)}`);
    for (const name of bugNames) {
      if (!killed.has(name) && isKilledBy(plantedBugs[name], plan, round)) killed.add(name);
    }
  }
  return bugNames.filter((name) => killed.has(name));
}

function* plansOf({ name, isSeeded }: Strategy, setting: Setting): Generator<RoundPlan> {
  for (let seed = 0; seed < (isSeeded ? seedCount : 1); seed += 1) {
    for (const traitors of traitorSets(setting)) {
      const specs = traitors.map((general) => ({ general, strategy: name }));
      for (const order of votes) yield { setting, order, traitors: specs, seed };
    }
  }
}

const seedCount = 8;

function traitorSets({ generals, traitorsMax }: Setting): string[][] {
  if (traitorsMax === 1) return generals.map((general) => [general]);
  return generals.flatMap((first, index) => generals.slice(index + 1).map((second) => [first, second]));
}

describe('the kill matrix', () => {
  it('at n = 7, m = 2 each bug is found, one only by omission mixed with lies', () => {
    const setting = oral(7, 2);
    const matrix = Object.fromEntries(
      strategies.map((strategy) => [strategy.name, killsOf(strategy, setting)]),
    );
    const ties: PlantedBugName[] = ['tie to own vote', 'tie by id'];
    const easy: PlantedBugName[] = ['flat majority', 'leaves only', 'own vote left out'];
    expect(matrix).toEqual({
      silent: easy,
      flip: easy,
      random: inOrder([...easy, ...ties]),
      'two-faced': easy,
      staged: inOrder([...easy, ...ties]),
      omit: bugNames,
      collude: ['leaves only', 'own vote left out'],
      'king-hunter': inOrder([...easy, ...ties]),
      twins: inOrder(['leaves only', 'own vote left out', ...ties]),
      late: bugNames,
      'forge-path': easy,
      'wrong-recipient': easy,
      'wrong-phase': easy,
      replay: [],
    });
  });

  it('at n = 4, m = 1 four of the six bugs stay hidden from every behaviour there is', () => {
    const setting = oral(4, 1);
    const killed = new Set<PlantedBugName>();
    const sayings = ['Attack', 'Retreat', 'nothing'] as const;
    for (const traitor of setting.generals) {
      for (const order of votes) {
        const plan = {
          setting,
          order,
          traitors: [{ general: traitor, strategy: 'silent' as const }],
          seed: 0,
        };
        for (const round of everyTreason(setting, { traitor, order, sayings })) {
          for (const name of bugNames) if (isKilledBy(plantedBugs[name], plan, round)) killed.add(name);
        }
      }
    }
    expect(inOrder([...killed])).toEqual(['leaves only', 'own vote left out']);
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

function inOrder(names: readonly PlantedBugName[]): PlantedBugName[] {
  return bugNames.filter((name) => names.includes(name));
}

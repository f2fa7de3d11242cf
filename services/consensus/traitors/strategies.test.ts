import { generalIds } from '../general-id.js';
import type { GeneralId, Setting, Vote } from '../protocol.js';
import { simulateRound } from '../run.js';
import { ids, oral } from '../testing/builders.js';
import type { Act, Plan, PlanContext } from './plan.js';
import { createPlan, type StrategyName, strategies, strategyNames } from './strategies.js';

/** A round of OM(2) with 7 generals and traitors in command and in the ranks. */
function context(seed: number, traitors: readonly GeneralId[] = ids(0, 6)): PlanContext {
  return { setting: oral(7, 2), traitors, seed };
}

/** What a plan does to everybody in one phase, by recipient. */
function acts(
  plan: Plan,
  phase: number,
  from: number,
  recipients: readonly GeneralId[],
  loyalVote: Vote = 'Attack',
) {
  const path = phase === 0 ? ids(from) : ids(0, ...(phase === 2 ? [9] : []), from);
  return recipients.map((to): Vote | 'nothing' =>
    spoken(plan({ phase, from: `general-${from}`, to, path, loyalVote, seen: [] })),
  );
}

function spoken(act: Act): Vote | 'nothing' {
  return act.kind === 'say' ? act.vote : 'nothing';
}

const loyal = ids(1, 2, 3, 4, 5);
const manySeeds = Array.from({ length: 60 }, (_, seed) => seed);

describe('strategies', () => {
  it('are each named once, with a line for help', () => {
    expect(strategyNames).toEqual([
      'silent',
      'flip',
      'random',
      'two-faced',
      'staged',
      'omit',
      'collude',
      'king-hunter',
      'twins',
      'late',
      'forge-path',
      'wrong-recipient',
      'wrong-phase',
      'replay',
    ]);
    for (const { summary } of strategies) expect(summary).toMatch(/^[a-z][^.]{5,70}$/);
  });

  it.each(strategies.filter(({ isSeeded }) => isSeeded).map(({ name }) => name))(
    '%s changes with the seed',
    (strategy) => {
      const said = manySeeds.map((seed) => {
        const traitors = ids(0, 6).map((general) => ({ general, strategy }));
        const { messages, ignored } = simulateRound({ setting: oral(7, 2), order: 'Attack', traitors, seed });
        return JSON.stringify([messages, ignored]);
      });
      expect(new Set(said).size).toBeGreaterThan(10);
    },
  );

  it.each(strategies.filter(({ isSeeded }) => !isSeeded).map(({ name }) => name))(
    '%s does not',
    (strategy) => {
      const rounds = [0, 1].map((seed) => {
        const traitors = ids(0, 6).map((general) => ({ general, strategy }));
        return simulateRound({ setting: oral(7, 2), order: 'Attack', traitors, seed }).messages;
      });
      expect(rounds[0]).toEqual(rounds[1]);
    },
  );
});

describe('silent', () => {
  it('sends no message at all', () => {
    const traitors = [{ general: 'general-0', strategy: 'silent' as const }];
    const { messages } = simulateRound({ setting: oral(4, 1), order: 'Attack', traitors, seed: 0 });
    expect(messages).toHaveLength(6);
    expect(messages.every(({ from }) => from !== 'general-0')).toBe(true);
  });
});

describe('flip', () => {
  it('says the opposite to everybody', () => {
    const plan = createPlan({ strategy: 'flip', ...context(0) });
    expect(new Set(acts(plan, 1, 6, loyal, 'Attack'))).toEqual(new Set(['Retreat']));
    expect(new Set(acts(plan, 1, 6, loyal, 'Retreat'))).toEqual(new Set(['Attack']));
  });
});

describe('random', () => {
  it('says either vote about equally often, whatever is true', () => {
    const said = manySeeds.flatMap((seed) => {
      const plan = createPlan({ strategy: 'random', ...context(seed) });
      expect(acts(plan, 1, 6, loyal, 'Attack')).toEqual(acts(plan, 1, 6, loyal, 'Retreat'));
      return acts(plan, 1, 6, loyal);
    });
    const attackCount = said.filter((vote) => vote === 'Attack').length;
    expect(said).not.toContain('nothing');
    expect(attackCount).toBeGreaterThan(110);
    expect(attackCount).toBeLessThan(190);
  });
});

describe('two-faced', () => {
  it('tells the same camp Attack and the rest Retreat, in every phase and from every traitor', () => {
    for (const seed of manySeeds) {
      const plan = createPlan({ strategy: 'two-faced', ...context(seed) });
      const said = acts(plan, 0, 0, loyal);
      expect(new Set(said)).toEqual(new Set(['Attack', 'Retreat']));
      expect(acts(plan, 1, 6, loyal)).toEqual(said);
      expect(acts(plan, 2, 6, loyal)).toEqual(said);
    }
  });

  it('tells other traitors Retreat: the camp is of loyal lieutenants', () => {
    for (const seed of manySeeds) {
      expect(acts(createPlan({ strategy: 'two-faced', ...context(seed) }), 0, 0, ids(6))).toEqual([
        'Retreat',
      ]);
    }
  });

  it('finds every camp but nobody and everybody', () => {
    const seeds = Array.from({ length: 600 }, (_, seed) => seed);
    const camps = seeds.map((seed) =>
      acts(createPlan({ strategy: 'two-faced', ...context(seed) }), 0, 0, loyal).join(),
    );
    expect(new Set(camps).size).toBe(2 ** 5 - 2);
  });

  it('tells a lone loyal lieutenant either, by the seed', () => {
    const camps = manySeeds.map((seed) => {
      const traitors = ids(0, 2, 3, 4, 5, 6);
      return acts(createPlan({ strategy: 'two-faced', ...context(seed, traitors) }), 0, 0, ids(1)).join();
    });
    expect(new Set(camps)).toEqual(new Set(['Attack', 'Retreat']));
  });
});

describe('staged', () => {
  it('splits in phase 0, is uniform between, and splits in the last phase', () => {
    for (const seed of manySeeds) {
      const plan = createPlan({ strategy: 'staged', ...context(seed) });
      expect(new Set(acts(plan, 0, 0, loyal)).size).toBe(2);
      expect(new Set(acts(plan, 1, 6, generalIds(7))).size).toBe(1);
      expect(new Set(acts(plan, 2, 6, loyal)).size).toBe(2);
    }
  });

  it('uses another camp at the end than at the beginning, with some seed', () => {
    const changes = manySeeds.filter((seed) => {
      const plan = createPlan({ strategy: 'staged', ...context(seed) });
      return acts(plan, 0, 0, loyal).join() !== acts(plan, 2, 6, loyal).join();
    });
    expect(changes.length).toBeGreaterThan(40);
  });
});

describe('omit', () => {
  it('is silent to some, lies to others, and never says the truth', () => {
    const said = manySeeds.flatMap((seed) =>
      acts(createPlan({ strategy: 'omit', ...context(seed) }), 1, 6, loyal),
    );
    expect(new Set(said)).toEqual(new Set(['nothing', 'Retreat']));
    const silentCount = said.filter((vote) => vote === 'nothing').length;
    expect(silentCount).toBeGreaterThan(90);
    expect(silentCount).toBeLessThan(190);
  });

  it('leaves values out of messages that it sends, the rest in canonical order', () => {
    const traitors = ids(5, 6).map((general) => ({ general, strategy: 'omit' as const }));
    const setting: Setting = oral(7, 2);
    const rounds = manySeeds.map((seed) => simulateRound({ setting, order: 'Attack', traitors, seed }));
    const lengths = rounds
      .flatMap(({ messages }) => messages.filter(({ phase }) => phase === 2))
      .map(({ entries }) => entries.length);
    expect(new Set(lengths)).toEqual(new Set([1, 2, 3, 4]));
    for (const { ignored } of rounds) expect(ignored).toEqual([]);
  });
});

describe('a plan', () => {
  it.each<StrategyName>(['silent', 'flip', 'random', 'two-faced', 'staged', 'omit'])(
    '%s answers the same place the same way, whatever was asked before',
    (strategy) => {
      const once = createPlan({ strategy, ...context(5) });
      const before = acts(once, 2, 6, loyal);
      acts(once, 0, 0, loyal);
      expect(acts(once, 2, 6, loyal)).toEqual(before);
      expect(acts(createPlan({ strategy, ...context(5) }), 2, 6, loyal)).toEqual(before);
    },
  );
});

const truthPlace = {
  phase: 2,
  from: 'general-6',
  to: 'general-1',
  loyalVote: 'Attack' as const,
  seen: [],
};

describe('collude', () => {
  it('tells the truth of what loyal generals said and one story of what traitors said', () => {
    for (const seed of manySeeds) {
      const plan = createPlan({ strategy: 'collude', ...context(seed) });
      const relayed = (path: GeneralId[]) =>
        loyal.map((to) =>
          spoken(plan({ phase: 2, from: 'general-6', to, path, loyalVote: 'Attack', seen: [] })),
        );
      const story = acts(plan, 0, 0, loyal);
      expect(new Set(story)).toEqual(new Set(['Attack', 'Retreat']));
      expect(relayed(ids(0, 6))).toEqual(story);
      expect(plan({ ...truthPlace, path: ids(0, 9, 6) })).toEqual({ kind: 'loyal' });
    }
  });
});

describe('king-hunter', () => {
  it('hears the loyal generals of a phase before it speaks, and says both votes', () => {
    for (const seed of manySeeds.slice(0, 10)) {
      const traitors = [{ general: 'general-6', strategy: 'king-hunter' as const }];
      const { lies, messages } = simulateRound({ setting: oral(7, 2), order: 'Attack', traitors, seed });
      const phase1 = lies.filter(({ place }) => place.phase === 1);
      expect(phase1.length).toBeGreaterThan(0);
      for (const { place } of phase1) {
        expect(new Set(place.seen.map(({ from }) => from))).toEqual(new Set(loyal));
      }
      const said = messages.filter(({ from, phase }) => from === 'general-6' && phase === 1);
      expect(new Set(said.flatMap(({ entries }) => entries.map(({ vote }) => vote))).size).toBe(2);
    }
  });
});

describe('twins', () => {
  it('in command give each half the other order, and both halves still agree', () => {
    for (const seed of manySeeds.slice(0, 20)) {
      const traitors = [{ general: 'general-0', strategy: 'twins' as const }];
      const { messages, verdict } = simulateRound({ setting: oral(4, 1), order: 'Attack', traitors, seed });
      const orders = messages.filter(({ phase }) => phase === 0).map(({ entries }) => entries[0]?.vote);
      expect(new Set(orders)).toEqual(new Set(['Attack', 'Retreat']));
      expect(verdict.agreement.status).toBe('holds');
    }
  });
});

describe('late', () => {
  it('is heard by half of the others, and too late by the rest', () => {
    const traitors = [{ general: 'general-6', strategy: 'late' as const }];
    const { messages, ignored } = simulateRound({ setting: oral(7, 2), order: 'Attack', traitors, seed: 5 });
    const inTime = messages.filter(({ from, phase }) => from === 'general-6' && phase === 1);
    const tooLate = ignored.filter(({ slot, reason }) => slot.phase === 1 && reason === 'late');
    expect(inTime.length).toBeGreaterThan(0);
    expect(tooLate.length).toBeGreaterThan(0);
    expect(inTime.length + tooLate.length).toBe(5);
  });
});

describe('what nobody owes', () => {
  const illegal = ['forge-path', 'wrong-recipient', 'wrong-phase', 'replay'] as const;

  it.each(illegal)('%s is ignored and counted, and breaks nothing within the bound', (strategy) => {
    for (const seed of manySeeds) {
      const traitors = [ids(0, 6), ids(5, 6)][seed % 2]?.map((general) => ({ general, strategy })) ?? [];
      const { verdict, ignored } = simulateRound({ setting: oral(7, 2), order: 'Attack', traitors, seed });
      expect([verdict.agreement.status, verdict.validity.status]).toEqual(['holds', 'holds']);
      expect(ignored.length).toBeGreaterThan(0);
    }
  });
});

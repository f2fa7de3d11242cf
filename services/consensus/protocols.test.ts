/**
 * What holds for every protocol in every form and mode: its counts, both sides of its bound, silence, and
 * that a general which starts again says the same.
 */
import fc from 'fast-check';
import type { Message, Vote } from './protocol.js';
import { everyone } from './protocol.js';
import { protocolOf, protocols } from './protocols.js';
import { random } from './random.js';
import { simulateRound } from './run.js';
import { checkSetting } from './setting.js';
import { isBroken } from './testing/builders.js';
import { settingOf, tableFor } from './testing/rounds.js';

const forms = protocols.flatMap(({ name, variants, isBaseline }) =>
  variants.map(({ mode, isCouncil }) => ({ protocol: name, mode, isCouncil, isBaseline })),
);
const sound = forms.filter(({ isBaseline }) => !isBaseline);
const seeds = fc.integer({ min: 0, max: 0xffffffff });

/** Sizes that the form is promised for: as few generals as its bound allows. */
function leastSetting(form: (typeof forms)[number], m: number) {
  for (let n = 2; n <= 4 * m + 2; n += 1) {
    const setting = settingOf(form, n, m);
    if (protocolOf(setting).bound(setting).isWithin) return setting;
  }
  return undefined;
}

describe.each(forms)('$protocol, $mode, council $isCouncil', (form) => {
  it.each([
    [2, 0],
    [4, 1],
    [7, 2],
    [6, 4],
  ])('fills each slot once and sends what its formula says: n = %i, m = %i', (n, m) => {
    const setting = settingOf(form, n, m);
    expect(checkSetting(setting)).toEqual([]);
    const protocol = protocolOf(setting);
    const cost = protocol.cost(setting);
    for (const order of ['Attack', 'Retreat'] as const) {
      const round = simulateRound({ setting, order, traitors: [], seed: 0 });
      const slots = Array.from({ length: cost.phaseCount }, (_, phase) => protocol.slots(setting, phase));
      expect(round.messages.map(({ phase, from, to }) => ({ phase, from, to }))).toEqual(slots.flat());
      expect(round.messages).toHaveLength(cost.tupleCount);
      expect(round.messages.flatMap(({ entries }) => entries)).toHaveLength(cost.messageCount);
      expect(receivedBy(round.messages, setting.generals.at(-1) ?? '')).toBe(cost.receivedPerLieutenant);
      expect(new Set(round.decisions.values())).toEqual(new Set([order]));
      expect(round.ignored).toEqual([]);
    }
  });

  it('owes what its slots hold and nothing else', () => {
    const setting = settingOf(form, 4, 1);
    const protocol = protocolOf(setting);
    const ids = [...setting.generals, everyone, 'general-9', ''];
    for (let phase = -1; phase <= protocol.phaseCount(setting); phase += 1) {
      const owed = new Set(protocol.slots(setting, phase).map(({ from, to }) => `${from} ${to}`));
      for (const from of ids) {
        for (const to of ids) {
          const slot = { phase, from, to };
          expect([slot, protocol.isSlotOwed(setting, slot)]).toEqual([slot, owed.has(`${from} ${to}`)]);
          expect(protocol.paths(setting, slot).length > 0).toBe(owed.has(`${from} ${to}`));
        }
      }
    }
  });

  it('ends with everybody silent but one', () => {
    const setting = settingOf(form, 4, 1);
    const traitors = setting.generals.slice(1).map((general) => ({ general, strategy: 'silent' as const }));
    const round = simulateRound({ setting, order: 'Attack', traitors, seed: 0 });
    expect(round.decisions.get('general-0')).toBeDefined();
  });
});

describe.each(sound)('within its bound $protocol, $mode, council $isCouncil', (form) => {
  it('keeps agreement and validity whatever up to m traitors say', () => {
    const property = fc.property(seeds, fc.constantFrom(1, 2), (seed, m) => {
      const setting = leastSetting(form, m);
      if (setting === undefined) throw new Error('no number of generals is enough');
      const chosen = setting.generals.filter((_, i) => (i + (seed % 97)) % setting.generals.length < m);
      const traitors = chosen.map((general) =>
        tableFor(setting, general, ({ phase, to, path }) => {
          const sayings = ['Attack', 'Retreat', 'nothing', 'both', undefined] as const;
          return sayings[random(seed, phase, to, ...path) % sayings.length];
        }),
      );
      const inputs = setting.isCouncil ? { inputs: randomInputs(setting.generals, seed) } : {};
      for (const order of ['Attack', 'Retreat'] as const) {
        const { verdict } = simulateRound({ setting, order, ...inputs, traitors, seed });
        expect(
          [verdict.agreement, verdict.validity, verdict.termination].map(({ status }) => status),
        ).toEqual(['holds', 'holds', 'holds']);
      }
    });
    fc.assert(property, { numRuns: form.protocol === 'om' && form.isCouncil ? 15 : 40 });
  });
});

describe('a baseline', () => {
  it.each([
    ['majority', false, 7, 2],
    ['majority', true, 4, 1],
    ['flat', false, 7, 2],
    ['phase-king', true, 4, 1],
    ['phase-king', false, 4, 1],
  ] as const)('%s (council %s) breaks at n = %i, m = %i, where others hold', (protocol, isCouncil, n, m) => {
    const setting = settingOf({ protocol, isCouncil }, n, m);
    expect(protocolOf(setting).bound(setting).isWithin).toBe(false);
    const broken = Array.from({ length: 3_000 }, (_, seed) => seed).some((seed) => {
      const traitors = setting.generals
        .filter((_, i) => (i + seed) % n < m)
        .map((general) => ({
          general,
          strategy: (['random', 'flip', 'staged'] as const)[seed % 3] ?? 'flip',
        }));
      const inputs = isCouncil ? { inputs: randomInputs(setting.generals, seed) } : {};
      return isBroken(simulateRound({ setting, order: 'Attack', ...inputs, traitors, seed }));
    });
    expect(broken).toBe(true);
  });
});

function randomInputs(generals: readonly string[], seed: number): ReadonlyMap<string, Vote> {
  return new Map(generals.map((id, i) => [id, random(seed, 'input', i) % 2 === 0 ? 'Attack' : 'Retreat']));
}

function receivedBy(messages: readonly Message[], general: string): number {
  return messages
    .filter(({ from, to }) => to === general || (to === everyone && from !== general))
    .flatMap(({ entries }) => entries).length;
}

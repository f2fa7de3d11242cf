import { om } from './om.js';
import { simulateRound } from './run.js';
import { ids, oral } from './testing/builders.js';
import { summary } from './verdict.js';

describe('a round in memory', () => {
  it.each([
    [4, 1],
    [7, 2],
    [10, 3],
  ])('without traitors sends each message of a loyal run, by phase and slot: n = %i, m = %i', (n, m) => {
    const setting = oral(n, m);
    const round = simulateRound({ setting, order: 'Attack', traitors: [], seed: 0 });
    const slots = Array.from({ length: m + 1 }, (_, phase) => om.slots(setting, phase)).flat();
    expect(round.messages.map(({ phase, from, to }) => ({ phase, from, to }))).toEqual(slots);
    expect(round.messages.flatMap(({ entries }) => entries)).toHaveLength(om.cost(setting).messageCount);
    expect(new Set(round.decisions.values())).toEqual(new Set(['Attack']));
    expect(summary(round.verdict)).toBe('held');
  });

  it('shows the order even of a commander that hides it', () => {
    const traitors = [{ general: 'general-0', strategy: 'silent' as const }];
    const round = simulateRound({ setting: oral(4, 1), order: 'Attack', traitors, seed: 0 });
    expect(round.decisions).toEqual(
      new Map([
        ['general-0', 'Attack'],
        ...ids(1, 2, 3).map((general): [string, string] => [general, 'Retreat']),
      ]),
    );
    expect(summary(round.verdict)).toBe('held');
  });

  it('gives each traitor its own strategy', () => {
    const traitors = [
      { general: 'general-5', strategy: 'silent' as const },
      { general: 'general-6', strategy: 'flip' as const },
    ];
    const { messages } = simulateRound({ setting: oral(7, 2), order: 'Attack', traitors, seed: 0 });
    expect(messages.some(({ from }) => from === 'general-5')).toBe(false);
    const flipped = messages.filter(({ from, phase }) => from === 'general-6' && phase === 1);
    expect(flipped.map(({ entries }) => entries[0]?.vote)).toEqual(Array(5).fill('Retreat'));
  });

  it('keeps the last state of each general, to explain its decision', () => {
    const { states } = simulateRound({ setting: oral(2, 1), order: 'Attack', traitors: [], seed: 0 });
    expect(om.explain(states.get('general-1') as never)).toEqual({
      path: ids(0),
      heard: 'Attack',
      value: 'Attack',
      children: [],
    });
  });
});

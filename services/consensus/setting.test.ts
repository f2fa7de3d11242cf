import type { Setting } from './protocol.js';
import { checkSetting } from './setting.js';
import { ids, oral } from './testing/builders.js';

describe('a setting', () => {
  it.each([
    [4, 1],
    [3, 1],
    [2, 1],
    [6, 2],
    [4, 4],
    [100, 33],
    [2, 0],
  ])('of n = %i and m = %i can be run, within the bound or outside', (n, m) => {
    expect(checkSetting(oral(n, m))).toEqual([]);
  });

  it.each<[string, Partial<Record<keyof Setting, unknown>>]>([
    ['generals', { generals: ids(0) }],
    ['generals[1]', { generals: ['general-0', 'general-01', 'general-2', 'general-3'] }],
    ['generals[3]', { generals: ids(0, 1, 2, 1) }],
    ['commander', { commander: 'general-4' }],
    ['traitorsMax', { traitorsMax: -1 }],
    ['traitorsMax', { traitorsMax: 5 }],
    ['traitorsMax', { traitorsMax: 1.5 }],
    ['traitorsMax', { traitorsMax: Number.NaN }],
    ['protocol', { protocol: 'toString' }],
    ['mode', { mode: 'boards' }],
    ['mode', { mode: 'signed' }],
    ['mode', { protocol: 'sm' }],
    ['mode', { protocol: 'majority', mode: 'board' }],
  ])('is refused for its %s: %j', (field, wrong) => {
    const setting = { ...oral(4, 1), ...wrong } as Setting;
    expect(checkSetting(setting).map((problem) => problem.field)).toEqual([field]);
  });

  it('is told in which forms its protocol runs', () => {
    const [problem] = checkSetting({ ...oral(4, 1), mode: 'signed' });
    expect(problem?.problem).toBe(
      'om runs as mailbox with a commander, mailbox as a council, board with a commander, board as a council, got signed with a commander',
    );
  });

  it('is told the value and what is allowed', () => {
    const [problem] = checkSetting({ ...oral(4, 1), traitorsMax: 9 });
    expect(problem).toEqual({ field: 'traitorsMax', problem: 'must be an integer from 0 to 4, got 9' });
  });
});

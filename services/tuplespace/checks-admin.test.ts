import { ServiceError } from '../runtime/index.js';
import { checkSettings } from './checks-admin.js';
import { defaultLimits, limitCeilings, type SpaceLimits } from './limits.js';
import type { SpaceSettings } from './space.js';

const defaults = { limits: defaultLimits, ceilings: limitCeilings, historyMax: 1_000 };

/** The field that is named when these settings are refused; undefined when they are fine. */
function refusedField(settings: SpaceSettings): string | undefined {
  try {
    checkSettings(settings, defaults);
    return undefined;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { field } = error.details;
    return field;
  }
}

describe('settings of a space', () => {
  it('have the defaults where they say nothing', () => {
    expect(checkSettings({}, defaults)).toEqual({
      limits: defaultLimits,
      historyMax: 1_000,
      uniqueRules: [],
    });
  });

  it('may set each limit from 1 to its ceiling', () => {
    for (const [name, ceiling] of Object.entries(limitCeilings)) {
      const with_ = (value: number): SpaceSettings => ({
        limits: { ttlMsMax: limitCeilings.ttlMsMax, [name]: value },
      });
      expect([name, refusedField(with_(ceiling))]).toEqual([name, undefined]);
      expect(refusedField(with_(ceiling + 1))).toBe(`settings.limits.${name}`);
      expect(refusedField(with_(0))).toBe(`settings.limits.${name}`);
      expect(refusedField(with_(1.5))).toBe(`settings.limits.${name}`);
    }
  });

  it.each(['nope', 'constructor', 'toString'])('know no limit named %s', (name) => {
    const limits = { [name]: 1 } as unknown as Partial<SpaceLimits>;
    expect(refusedField({ limits })).toBe(`settings.limits.${name}`);
  });

  it('have a shortest time to live that is not above the longest', () => {
    expect(refusedField({ limits: { ttlMsMin: 11, ttlMsMax: 10 } })).toBe('settings.limits.ttlMsMin');
  });

  it('keep at least one event and have at most 64 unique rules', () => {
    expect(refusedField({ historyMax: 0 })).toBe('settings.historyMax');
    const rule = { name: 'rule', template: [{ kind: 'any' }], fields: [], isPerWriter: true } as const;
    expect(refusedField({ uniqueRules: Array.from({ length: 64 }, () => rule) })).toBeUndefined();
    expect(refusedField({ uniqueRules: Array.from({ length: 65 }, () => rule) })).toBe(
      'settings.uniqueRules',
    );
  });
});

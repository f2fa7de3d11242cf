import { readFileSync } from 'node:fs';
import { boundCheck } from '../orchestrator/index.js';
import { parseSettingsFile, resolveSettings, sampleSettings, variableOf } from '../runtime/index.js';
import { storeChecks } from '../tuplespace/index.js';
import { flagValues, settingsHeading, settingTables } from './settings.js';

const keys = settingTables.flatMap((table) => Object.values(table));

test('release.toml holds every key with its default, unit, limits and variable', () => {
  expect(readFileSync('release.toml', 'utf8')).toBe(sampleSettings(settingsHeading, settingTables));
});

test('no two keys share a path or a variable', () => {
  expect(new Set(keys.map(({ path }) => path)).size).toBe(keys.length);
  expect(new Set(keys.map(({ path }) => variableOf(path))).size).toBe(keys.length);
});

test("the original's keys have the original's variables", () => {
  const names = ['general_count', 'fault_count', 'tuplespace_backend', 'redis_url', 'postgres_url'];
  expect(names.map((name) => variableOf(`byzantine.${name}`))).toEqual([
    'BYZANTINE_GENERAL_COUNT',
    'BYZANTINE_FAULT_COUNT',
    'BYZANTINE_TUPLESPACE_BACKEND',
    'BYZANTINE_REDIS_URL',
    'BYZANTINE_POSTGRES_URL',
  ]);
});

test.each(['Memory', 'mysql'])(
  'the backend %s stops the start, and those that there are are named',
  (backend) => {
    const environment = { BYZANTINE_TUPLESPACE_BACKEND: backend };
    const allowed = 'allowed: "memory", "redis", "postgres"';
    expect(() => resolveSettings(settingTables, { environment })).toThrow(
      expect.objectContaining({
        code: 'invalid_argument',
        message: expect.stringContaining(`"${backend}" (BYZANTINE_TUPLESPACE_BACKEND), ${allowed}`),
      }),
    );
  },
);

describe('the store', () => {
  const resolve = (environment: Record<string, string>) =>
    resolveSettings(settingTables, { environment }, storeChecks);

  test.each([['redis', 'BYZANTINE_REDIS_URL']])(
    '%s without a URL stops the start, and %s is named',
    (backend, variable) => {
      expect(() => resolve({ BYZANTINE_TUPLESPACE_BACKEND: backend })).toThrow(
        expect.objectContaining({
          code: 'invalid_argument',
          details: expect.objectContaining({
            settings: 'sources',
            advice: expect.stringContaining(variable),
          }),
        }),
      );
    },
  );

  test.each([
    'redis://:sesame@localhost:6379',
    'redis://user:sesame@localhost:6379/1',
    'redis:sesame@localhost',
    'redis://user:se@same@localhost',
    'redis://localhost:6379?password=sesame',
    'postgres://user:sesame@localhost/db',
  ])('a password in a URL is refused and shown to nobody: %s', (url) => {
    const name = url.startsWith('redis') ? 'redis' : 'postgres';
    const environment = { [`BYZANTINE_${name.toUpperCase()}_URL`]: url };
    const refused = () => resolve(environment);
    expect(refused).toThrow(`byzantine.${name}_password_file`);
    expect(refused).not.toThrow(/sesame|same@/);
  });

  test.each(['redis://localhost:6379', 'rediss://user@[::1]:6379/3', 'redis://redis'])(
    '%s is a URL of Redis',
    (url) => {
      expect(resolve({ BYZANTINE_REDIS_URL: url }).get('byzantine.redis_url').value).toBe(url);
    },
  );

  test.each(['http://localhost', 'redis://', 'localhost:6379', 'postgres://u@h/d'])('%s is none', (url) => {
    expect(() => resolve({ BYZANTINE_REDIS_URL: url })).toThrow('byzantine.redis_url');
  });

  test.each([
    ['memory', 'strongest', true],
    ['memory', 'process', true],
    ['memory', 'store-process', false],
    ['memory', 'power-loss', false],
    ['redis', 'strongest', true],
    ['redis', 'process', false],
    ['redis', 'store-process', true],
    ['redis', 'power-loss', true],
  ])('%s with the durability %s: allowed is %s', (backend, durability, isAllowed) => {
    const environment = {
      BYZANTINE_TUPLESPACE_BACKEND: backend,
      BYZANTINE_REDIS_URL: 'redis://localhost',
      BYZANTINE_TUPLESPACE_DURABILITY: durability,
    };
    if (isAllowed) expect(() => resolve(environment)).not.toThrow();
    else expect(() => resolve(environment)).toThrow('tuplespace.durability');
  });
});

test('a list of generals is read from a variable, and names that are none are refused', () => {
  const environment = { BYZANTINE_GENERAL_NODE_GENERALS: 'general-0, general-10' };
  const settings = resolveSettings(settingTables, { environment });
  expect(settings.get('general_node.generals').value).toEqual(['general-0', 'general-10']);
  const wrong = { BYZANTINE_GENERAL_NODE_GENERALS: 'general-0,general-01' };
  expect(() => resolveSettings(settingTables, { environment: wrong })).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ field: 'general_node.generals' }) }),
  );
});

describe('the bound', () => {
  const resolve = (generals: number, faults: number) => () =>
    resolveSettings(
      settingTables,
      {
        environment: { BYZANTINE_FAULT_COUNT: String(faults) },
        file: parseSettingsFile('release.toml', `[byzantine]\ngeneral_count = ${generals}\n`),
      },
      [boundCheck],
    );

  test.each([
    [4, 1],
    [7, 2],
    [4, 0],
    [10, 3],
  ])('%i generals withstand %i', (generals, faults) => {
    expect(resolve(generals, faults)).not.toThrow();
  });

  test.each([
    [3, 1, 'm = 1 needs n ≥ 4, got 3'],
    [6, 2, 'm = 2 needs n ≥ 7, got 6'],
    [9, 3, 'm = 3 needs n ≥ 10, got 9'],
    [3, 0, 'oral messages need n ≥ 4, got 3'],
    [90, 40, 'm = 40 needs n ≥ 3m + 1, got 90'],
  ])('%i generals with m = %i stop the start: %s', (generals, faults, problem) => {
    const n = `byzantine.general_count = ${generals} (release.toml:2)`;
    const m = `byzantine.fault_count = ${faults} (BYZANTINE_FAULT_COUNT)`;
    expect(resolve(generals, faults)).toThrow(`${n}, ${m}: ${problem}`);
  });
});

test('flags that were given stand for their keys, and are named as they are typed', () => {
  const options = { phaseMs: '5', generals: undefined, json: true };
  expect(flagValues(options, { phaseMs: 'byzantine.phase_ms', generals: 'byzantine.general_count' })).toEqual(
    [{ path: 'byzantine.phase_ms', flag: '--phase-ms', text: '5' }],
  );
});

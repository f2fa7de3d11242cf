import { readFileSync } from 'node:fs';
import { boundCheck } from '../orchestrator/index.js';
import { parseSettingsFile, resolveSettings, sampleSettings, variableOf } from '../runtime/index.js';
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

test.each(['redis', 'postgres', 'Memory'])(
  'the backend %s stops the start, and memory is named',
  (backend) => {
    const environment = { BYZANTINE_TUPLESPACE_BACKEND: backend };
    expect(() => resolveSettings(settingTables, { environment })).toThrow(
      expect.objectContaining({
        code: 'invalid_argument',
        message: expect.stringContaining(`"${backend}" (BYZANTINE_TUPLESPACE_BACKEND), allowed: "memory"`),
      }),
    );
  },
);

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

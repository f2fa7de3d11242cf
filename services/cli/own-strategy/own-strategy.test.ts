import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Setting } from '../../consensus/index.js';
import { generalIds, simulateRound } from '../../consensus/index.js';
import { systemClock } from '../../runtime/index.js';
import { parseDocument } from '../testing/documents.js';
import { createTestShell } from '../testing/test-shell.js';
import { OwnStrategy, type OwnTreason } from './own-strategy.js';

const example = join(__dirname, '../../../examples/strategies/scapegoat.ts');

/** A folder with `mine.ts`. */
function folderWith(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'byzantine-'));
  writeFileSync(join(folder, 'mine.ts'), code);
  return folder;
}

const setting: Setting = {
  protocol: 'om',
  mode: 'mailbox',
  isCouncil: false,
  generals: generalIds(4),
  commander: 'general-0',
  traitorsMax: 1,
};

async function treasonBy(code: string, clock = systemClock): Promise<OwnTreason | undefined> {
  const output: string[] = [];
  const strategy = await OwnStrategy.load({
    file: 'mine.ts',
    workingDirectory: folderWith(code),
    clock,
    onOutput: (text) => output.push(text),
  });
  try {
    const context = { setting, traitors: ['general-2'], seed: 5 };
    const [treason] = await strategy.betray([{ context, general: 'general-2' }]);
    return treason;
  } finally {
    await strategy.stop();
  }
}

describe('an own strategy', () => {
  test('is written down as a table that says the same at every place', async () => {
    const treason = await treasonBy(`
      type Vote = 'Attack' | 'Retreat';
      export const createPlan = () => ({ to, loyalVote }: { to: string; loyalVote?: Vote }) =>
        to === 'general-1' ? 'nothing' : loyalVote === 'Attack' ? { act: 'Retreat', when: 'late' } : 'loyal';
    `);
    const acts = treason?.spec.strategy === 'table' ? treason.spec.acts : [];
    const at = { phase: 1, from: 'general-2', path: ['general-0', 'general-2'] };
    expect(acts).toEqual([
      { ...at, to: 'general-1', act: 'nothing' },
      { ...at, to: 'general-3', act: 'Retreat', ifLoyal: 'Attack', when: 'late' },
      { ...at, to: 'general-3', act: 'loyal', ifLoyal: 'Retreat' },
      { ...at, to: 'general-3', act: 'loyal' },
    ]);
  });

  test('that tells the truth everywhere is an empty table', async () => {
    const treason = await treasonBy(
      `export const createPlan = () => ({ loyalVote }) => loyalVote ?? 'loyal';`,
    );
    expect(treason?.spec).toEqual({ general: 'general-2', strategy: 'table', acts: [] });
  });

  const place = 'in phase 1 for general-1, general-0 > general-2, loyal Attack';
  const stray = `{ phase: 0.5, from: '', to: '', path: [], vote: '' }`;
  test.each([
    [
      'at a place',
      `() => ({ to }) => { if (to === 'general-3') throw new Error('boom'); return 'loyal'; }`,
      'it threw in phase 1 for general-3, general-0 > general-2, loyal Attack: boom',
    ],
    ['at the start', `() => { throw new Error('boom'); }`, 'it threw at the start: boom'],
    ['by ending its thread', '() => () => process.exit(1)', 'it ended its thread'],
    [
      'with an answer that is none',
      `() => () => 'Maybe'`,
      `its answer ${place}: act must be Attack, Retreat, both, nothing or loyal, got "Maybe"`,
    ],
    [
      'with no answer',
      '() => () => undefined',
      `its answer ${place}: must be a saying such as "Attack", or { act, when, also }, got null`,
    ],
    [
      'with a phase that no tuple holds',
      `() => () => ({ act: 'Attack', also: ${stray} })`,
      `its answer ${place}: also.phase must be an integer of 32 bits, got 0.5`,
    ],
    [
      'with half a stray',
      `() => () => ({ act: 'Attack', also: { phase: 1 } })`,
      `its answer ${place}: also must be { phase, from, to, path, vote }, got {"phase":1}`,
    ],
  ])('that fails %s makes its traitor silent, and says why', async (_, code, failure) => {
    const treason = await treasonBy(`export const createPlan = ${code};`);
    expect(treason).toEqual({ spec: { general: 'general-2', strategy: 'silent' }, failure });
  });

  test('that never answers is given up', async () => {
    const impatient = {
      ...systemClock,
      after: (_: number, run: () => void) => systemClock.after(3_000, run),
    };
    const treason = await treasonBy(`export const createPlan = () => () => { for (;;); };`, impatient);
    expect(treason?.failure).toContain('did not answer within');
    expect(treason?.spec.strategy).toBe('silent');
  });

  test.each([
    [
      'syntax that types cannot be taken out of',
      `enum Vote { Attack } export const createPlan = () => () => 'loyal';`,
    ],
    ['no function of that name', `export const plan = 1;`],
    ['another file that it needs', `import './other.ts'; export const createPlan = () => () => 'loyal';`],
  ])('with %s is refused', async (_, code) => {
    await expect(treasonBy(code)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

describe('byz run with own strategies', () => {
  test('within the bound the example breaks nothing, and the round follows from the tables', async () => {
    const run = await createTestShell().run(
      'run',
      '--seed',
      '7',
      '--strategy',
      example,
      '--generals',
      '7',
      '--faults',
      '2',
      '--json',
      '--all',
    );
    expect(run.exitCode).toBe(0);
    const round = parseDocument('byzantine.round/1', run.stdout);
    expect(round.ownStrategies).toEqual(
      round.traitors.map((general) => ({ general, file: example, failure: null })),
    );
    expect(Object.values(round.strategies)).toEqual(['table', 'table']);
    expect(round.messages?.some(({ entries }) => entries.some(({ isFalse }) => isFalse))).toBe(true);
  });

  test('one general follows a file, the others a strategy of the house', async () => {
    const flags = ['--generals', '3', '--faults', '1', '--outside-bound', '--seed', '1', '--json'];
    const run = await createTestShell().run('run', `general-2=${example}`, ...flags);
    expect(run.exitCode).toBe(3);
    expect(parseDocument('byzantine.round/1', run.stdout).verdict).toMatchObject({ validity: 'violated' });
    const mixed = await createTestShell().run(
      'run',
      `general-2=${example}`,
      '--strategy',
      'flip',
      '--generals',
      '7',
      '--faults',
      '2',
      '--seed',
      '1',
      '--json',
    );
    const { strategies, ownStrategies } = parseDocument('byzantine.round/1', mixed.stdout);
    expect(Object.values(strategies).toSorted()).toEqual(['flip', 'table']);
    expect(ownStrategies).toHaveLength(1);
  });

  test('a strategy that throws is reported, and the round goes on without it', async () => {
    const workingDirectory = folderWith(`export const createPlan = () => { throw new Error('no idea'); };`);
    const shell = createTestShell({ workingDirectory });
    const flags = ['--strategy', './mine.ts', '--phase-ms', '200'];
    const { exitCode, stdout } = await shell.run('run', ...flags);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/general-\d is silent: \.\/mine\.ts failed, it threw at the start: no idea/);
    const json = await shell.run('run', ...flags, '--json');
    const [own] = parseDocument('byzantine.round/1', json.stdout).ownStrategies ?? [];
    expect(own?.failure).toBe('it threw at the start: no idea');
  });

  test('its round can be replayed from the record, without the file', async () => {
    const workingDirectory = folderWith(
      `export const createPlan = () => ({ to }) => to === 'general-3' ? { act: 'loyal', when: 'late' } : 'Attack';`,
    );
    const shell = createTestShell({ workingDirectory });
    const flags = ['--strategy', './mine.ts', '--phase-ms', '200', '--order', 'Retreat', '--save'];
    expect((await shell.run('run', ...flags)).exitCode).toBe(0);
    rmSync(join(workingDirectory, 'mine.ts'));
    const { exitCode, stdout } = await shell.run('replay', 'runs/latest', '--json');
    expect(exitCode).toBe(0);
    expect(parseDocument('byzantine.replay/1', stdout)).toMatchObject({ follows: true, mismatches: [] });
  });

  test('a file that is not there is named', async () => {
    const { exitCode, stderr } = await createTestShell().run('run', '--strategy', './nowhere.ts');
    expect(exitCode).toBe(66);
    expect(stderr).toContain('./nowhere.ts cannot be read (ENOENT)');
  });

  test('what it prints is talk, and never part of the data', async () => {
    const code = `export const createPlan = () => { console.log('hello'); return () => 'loyal'; };`;
    const shell = createTestShell({ workingDirectory: folderWith(code) });
    const { stdout, stderr } = await shell.run('run', '--strategy', './mine.ts', '--json');
    parseDocument('byzantine.round/1', stdout);
    expect(stderr).toContain('./mine.ts: hello');
  });
});

test('the table of an own strategy breaks three generals on the core as well', async () => {
  const strategy = await OwnStrategy.load({
    file: example,
    workingDirectory: '/',
    clock: systemClock,
    onOutput: () => {},
  });
  const three = { ...setting, generals: generalIds(3) };
  const context = { setting: three, traitors: ['general-2'], seed: 0 };
  const [treason] = await strategy.betray([{ context, general: 'general-2' }]);
  await strategy.stop();
  const traitors = treason === undefined ? [] : [treason.spec];
  const { verdict } = simulateRound({ setting: three, order: 'Attack', traitors, seed: 0 });
  expect(verdict.validity.status).toBe('violated');
});

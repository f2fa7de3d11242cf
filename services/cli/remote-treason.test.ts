/**
 * Treason over the wire: plans, triggers and own strategies on running services, over gRPC on free ports.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifySignature } from '../general-node/index.js';
import { parseTrace, replayTrace } from '../record/index.js';
import { resolveSettings } from '../runtime/index.js';
import { type Embedded, startEmbedded } from './embedded.js';
import { settingTables } from './settings.js';
import { type DocumentOf, parseDocument } from './testing/documents.js';
import { createTestShell } from './testing/test-shell.js';

let system: Embedded;
let orchestrator: string[];
beforeAll(async () => {
  const environment = {
    BYZANTINE_TUPLESPACE_ADDRESS: '127.0.0.1:0',
    BYZANTINE_GENERAL_NODE_ADDRESS: '127.0.0.1:0',
    BYZANTINE_ORCHESTRATOR_ADDRESS: '127.0.0.1:0',
  };
  const settings = resolveSettings(settingTables, { environment });
  system = await startEmbedded({ nodeCount: 4, settings, isServed: true });
  const found = system.addresses.find(({ service }) => service === 'Orchestrator');
  orchestrator = ['--orchestrator', found?.address ?? ''];
});
afterAll(() => system.stop());

/** Runs a plan there, to its end. */
async function start(plan: object) {
  const workingDirectory = mkdtempSync(join(tmpdir(), 'byzantine-'));
  writeFileSync(join(workingDirectory, 'plan.json'), JSON.stringify(plan));
  const shell = createTestShell({ workingDirectory });
  const flags = ['--plan', 'plan.json', '--watch', '--json', '--all', ...orchestrator];
  const { exitCode, stdout, stderr } = await shell.run('round', 'start', ...flags);
  if (stdout === '') throw new Error(stderr);
  return { exitCode, stderr, round: parseDocument('byzantine.round/1', stdout) };
}

const seven = { plan: 1, protocol: 'om', generals: 7, faults: 2, order: 'Attack', seed: 1 };

/** What a traitor said falsely: phase, recipient and way. */
function liesOf({ messages = [] }: DocumentOf<'byzantine.round/1'>) {
  return messages.flatMap(({ phase, to, entries }) =>
    entries.filter(({ isFalse }) => isFalse).map(({ path }) => ({ phase, to, path })),
  );
}

describe('byz round start --plan', () => {
  test('runs the plan on the services, and the loyal generals decide as it predicts', async () => {
    const path = ['general-0', 'general-2'];
    const acts = [{ phase: 1, to: 'general-1', path, act: 'Retreat' }];
    const traitors = [{ general: 'general-2', strategy: 'table', acts }];
    const { exitCode, stderr, round } = await start({ ...seven, generals: 3, faults: 1, traitors });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('the loyal generals decided as the plan predicts');
    expect(round.decisions).toEqual({ 'general-0': 'Attack', 'general-1': 'Retreat' });
    expect(liesOf(round)).toEqual([{ phase: 1, to: 'general-1', path }]);
  });

  test('runs a council, whose inputs are in the plan', async () => {
    const inputs = { 'general-0': 'Retreat', 'general-1': 'Retreat' };
    const traitors = [{ general: 'general-3', strategy: 'two-faced' }];
    const council = { plan: 1, protocol: 'king', council: true, generals: 4, faults: 1, inputs };
    const { exitCode, stderr, round } = await start({ ...council, order: 'Attack', seed: 3, traitors });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('the loyal generals decided as the plan predicts');
    expect(round).toMatchObject({ council: true, inputs });
  });

  test('says the truth otherwise than at once where a plan says so', async () => {
    const path = ['general-0', 'general-2'];
    const acts = [{ phase: 1, to: 'general-1', path, act: 'loyal', when: 'late' }];
    const traitors = [{ general: 'general-2', strategy: 'table', acts }];
    const { round } = await start({ ...seven, generals: 4, faults: 1, traitors });
    expect(round.ignored).toEqual({ late: 1 });
    expect(liesOf(round)).toEqual([]);
  });
});

describe('a trigger over the wire', () => {
  test.each<
    [string, object, (lie: { phase: number; to: string; path: readonly string[] }) => boolean, number]
  >([
    ['binds a strategy to phases', { phases: [2] }, ({ phase }) => phase === 2, 20],
    ['binds a strategy to recipients', { to: ['general-3'] }, ({ to }) => to === 'general-3', 5],
    [
      'binds a strategy to ways',
      { via: ['general-4'] },
      ({ path }) => path.slice(0, -1).includes('general-4'),
      4,
    ],
    [
      'demands all that it names',
      { phases: [2], to: ['general-1'], via: ['general-4'] },
      ({ phase, to, path }) => phase === 2 && to === 'general-1' && path.includes('general-4'),
      1,
    ],
  ])('%s', async (_, only, isMeant, count) => {
    const traitors = [{ general: 'general-5', strategy: 'flip', only }];
    const { exitCode, round } = await start({ ...seven, traitors });
    const lies = liesOf(round);
    expect(exitCode).toBe(0);
    expect(lies.every(isMeant)).toBe(true);
    expect(lies).toHaveLength(count);
  });

  test('that names nobody of the round is refused with its place', async () => {
    const traitors = [{ general: 'general-5', strategy: 'flip', only: { to: ['general-9'] } }];
    await expect(start({ ...seven, traitors })).rejects.toThrow('traitors[0].only.to[0]');
  });
});

test('the record of a signed round comes over the wire with its keys and signatures', async () => {
  const shell = createTestShell();
  const flags = [
    '--protocol',
    'sm',
    '--faults',
    '2',
    '--strategy',
    'two-faced',
    '--seed',
    '3',
    '--watch',
    '--json',
  ];
  const started = await shell.run('round', 'start', ...flags, ...orchestrator);
  const { number } = parseDocument('byzantine.round/1', started.stdout);
  const { stdout } = await shell.run('round', 'watch', String(number), '--json', ...orchestrator);
  const parsed = parseTrace(stdout);
  if (parsed.kind === 'problem') throw new Error(parsed.problem);
  expect(parsed.trace.events.filter(({ kind }) => kind === 'key')).toHaveLength(4);
  expect(replayTrace(parsed.trace, verifySignature)).toMatchObject({ mismatches: [], unproved: undefined });
});

test('an own strategy reaches the services as a table', async () => {
  const workingDirectory = mkdtempSync(join(tmpdir(), 'byzantine-'));
  const code = `export const createPlan = () => ({ to }) => (to === 'general-1' ? 'Retreat' : 'loyal');`;
  writeFileSync(join(workingDirectory, 'mine.ts'), code);
  const shell = createTestShell({ workingDirectory });
  const flags = ['--seed', '1', '--watch', '--json', '--all', ...orchestrator];
  const { stdout } = await shell.run('round', 'start', 'general-2=./mine.ts', ...flags);
  const round = parseDocument('byzantine.round/1', stdout);
  expect(round.strategies).toEqual({ 'general-2': 'table' });
  expect(round.ownStrategies).toEqual([{ general: 'general-2', file: './mine.ts', failure: null }]);
  expect(liesOf(round)).toEqual([{ phase: 1, to: 'general-1', path: ['general-0', 'general-2'] }]);
});

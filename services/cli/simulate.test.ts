import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTraceEvent, type TraceEvent } from '../simulator/index.js';
import { createTestShell } from './testing/test-shell.js';

describe('byz simulate', () => {
  test('shows one run in full, and the same again', async () => {
    const shell = createTestShell();
    const first = await shell.run('simulate', 'crashes', '--seed', '7');
    const second = await shell.run('simulate', 'crashes', '--seed', '7');
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toMatch(/crash {2}node-\d, for [\d.]+ ms/);
    expect(first.stdout).toMatch(/trace {4}[0-9a-f]{16}, [\d,]+ events in .*run twice, the same/);
    expect(first.stdout).toMatch(/PASS\n$/);
    expect(second.stdout).toBe(first.stdout);
  });

  test('prints every event with --trace', async () => {
    const { stdout } = await createTestShell().run('simulate', 'quiet', '--seed', '7', '--trace');
    expect(stdout).toMatch(/^\d+\.\d{3} node-1 call \{"kind":"enrol"/m);
    expect(stdout).toMatch(/^\d+\.\d{3} node-\d frame .*"proposal"/m);
  });

  test('puts every event of the run into its document when that is asked for, and only then', async () => {
    const single = ['simulate', 'quiet', '--seed', '1'];
    const lines = (await createTestShell().run(...single, '--trace')).stdout.split('\n');
    const { stdout } = await createTestShell().run(...single, '--trace', '--json');
    const document = JSON.parse(stdout) as { eventCount: number; trace: TraceEvent[] };
    expect(document.trace).toHaveLength(document.eventCount);
    expect(lines.slice(0, document.eventCount)).toEqual(document.trace.map(formatTraceEvent));
    const without = JSON.parse((await createTestShell().run(...single, '--json')).stdout) as object;
    expect(document).toEqual({ ...without, trace: document.trace });
    expect(without).not.toHaveProperty('trace');
  });

  test('runs a scenario of your own under many seeds, and rounds on the core', async () => {
    const workingDirectory = mkdtempSync(join(tmpdir(), 'byzantine-'));
    writeFileSync(
      join(workingDirectory, 'mine.toml'),
      'summary = "Mine."\n[round]\ngeneral_count = 4\nfault_count = 1\n',
    );
    const shell = createTestShell({ workingDirectory });
    const { exitCode, stdout } = await shell.run(
      'simulate',
      'mine.toml',
      '--runs',
      '4',
      '--core',
      '20',
      '--json',
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'byzantine.simulations/1',
      firstSeed: 1,
      scenarios: [{ scenario: 'mine', seedCount: 4, repeatedCount: 1, failures: [], neverHappened: [] }],
      core: expect.arrayContaining([expect.objectContaining({ protocol: 'om', violations: [] })]),
    });
  });

  test('fails when what should happen sometimes never does', async () => {
    const workingDirectory = mkdtempSync(join(tmpdir(), 'byzantine-'));
    const text =
      'summary = "Mine."\n[round]\ngeneral_count = 4\nfault_count = 1\n[expect]\nsometimes = ["crash"]\n';
    writeFileSync(join(workingDirectory, 'idle.toml'), text);
    const { exitCode, stdout } = await createTestShell({ workingDirectory }).run(
      'simulate',
      'idle.toml',
      '--runs',
      '2',
    );
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/idle: "crash" never happened in 2 seeds\n\nFAIL\n$/);
  });

  test('takes an own strategy for all traitors, on the services and on the core', async () => {
    const workingDirectory = mkdtempSync(join(tmpdir(), 'byzantine-'));
    const mine = join(workingDirectory, 'mine.ts');
    writeFileSync(
      mine,
      `export const createPlan = () => ({ loyalVote }) => loyalVote === 'Attack' ? 'Retreat' : 'Attack';`,
    );
    const shell = createTestShell({ workingDirectory });
    const scenario = 'summary = "Mine."\n[round]\ngeneral_count = 4\nfault_count = 1\n';
    writeFileSync(join(workingDirectory, 'mine.toml'), scenario);
    const flags = [
      'simulate',
      'mine.toml',
      '--runs',
      '4',
      '--core',
      '20',
      '--json',
      '--strategy',
      './mine.ts',
    ];
    const lies = await shell.run(...flags);
    expect(lies.exitCode).toBe(0);
    const { scenarios, core } = JSON.parse(lies.stdout) as {
      scenarios: { counts: Record<string, number> }[];
      core: { changedCount: number; roundCount: number }[];
    };
    expect(scenarios[0]?.counts['round with a lie']).toBe(4);
    expect(core[0]).toMatchObject({ changedCount: 4, roundCount: 4 });
    writeFileSync(mine, `export const createPlan = () => { throw new Error('no idea'); };`);
    const silence = await shell.run(...flags);
    expect(silence.exitCode).toBe(0);
    expect(silence.stderr).toMatch(
      /mine\.ts failed for \d+ traitors, who were silent; first: it threw at the start: no idea/,
    );
  });

  test.each([
    [['simulate', 'crash'], /crash: is neither a file nor a scenario, did you mean crashes\?/],
    [['simulate', '--trace'], /--trace: shows one run/],
    [['simulate', '--seed', '4294967296'], /--seed: 4294967296 is more than 4,294,967,295/],
    [['simulate', '--runs', 'many'], /--runs: "many" is not a whole number/],
  ])('%j is refused', async (args, message) => {
    const { exitCode, stderr } = await createTestShell().run(...args);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(message);
  });
});

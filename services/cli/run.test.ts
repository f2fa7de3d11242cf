import { type DocumentOf, parseDocument } from './testing/documents.js';
import { createTestShell, eventually } from './testing/test-shell.js';

const times = [
  'coordinationMs',
  'computeMs',
  'granularityRatio',
  'wallMs',
  'metrics',
  'startedAt',
  'endedAt',
];

/** A document without what is a matter of time. */
function timeless(document: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !times.includes(key)));
}

async function runJson(...args: string[]): Promise<DocumentOf<'byzantine.round/1'>> {
  const { stdout } = await createTestShell().run('run', '--json', ...args);
  return parseDocument('byzantine.round/1', stdout);
}

describe('byz run --json', () => {
  test('prints one document with what was asked for', async () => {
    const document = await runJson(
      '--generals',
      '7',
      '--traitors',
      '2',
      '--strategy',
      'two-faced',
      '--seed',
      '7',
    );
    expect(document).toMatchObject({
      schema: 'byzantine.round/1',
      protocol: 'om',
      generals: 7,
      faultCount: 2,
      seed: 7,
      order: 'Attack',
      verdict: { agreement: 'holds', validity: 'holds', termination: 'holds' },
      withinBound: true,
      messageCount: 156,
      phaseCount: 3,
    });
    expect(document.traitors).toHaveLength(2);
    expect(Object.keys(document.decisions)).toHaveLength(5);
  });

  test.each(['random', 'two-faced', 'staged', 'omit'])(
    'with the same seed prints the same document but for times, key order included: %s',
    async (strategy) => {
      const args = ['--generals', '7', '--traitors', '2', '--strategy', strategy, '--seed', '11', '--all'];
      const phases = ['--phase-ms', '100'];
      const [first, second] = [await runJson(...args, ...phases), await runJson(...args, ...phases)];
      expect(JSON.stringify(timeless(second))).toBe(JSON.stringify(timeless(first)));
    },
  );

  test('with another seed chooses other traitors sooner or later', async () => {
    const chosen = new Set<string>();
    for (let seed = 0; seed < 8; seed += 1) {
      chosen.add(JSON.stringify((await runJson('--seed', String(seed))).traitors));
    }
    expect(chosen.size).toBeGreaterThan(1);
  });

  test('the command that the report prints gives the same round again', async () => {
    const args = ['--generals', '7', '--traitors', '2', '--strategy', 'random', '--seed', '5'];
    const { stdout } = await createTestShell().run('run', ...args);
    const again = /^again +byz run (.*)$/m.exec(stdout)?.[1]?.split(' ') ?? [];
    expect(timeless(await runJson(...again))).toEqual(timeless(await runJson(...args)));
  });
});

describe('exit codes of byz run', () => {
  const three = ['--generals', '3', '--traitors', '1', '--outside-bound', '--seed', '1'];

  test.each<[string, number, string[]]>([
    ['0 when all that is promised holds', 0, []],
    ['0 with an order to retreat', 0, ['--order', 'retreat']],
    ['3 outside the bound, violated', 3, [...three, 'general-2=flip']],
    ['3 outside the bound, held by luck', 3, [...three, '--order', 'Retreat', 'general-2=flip']],
    ['0 for a violation that was expected', 0, [...three, 'general-2=flip', '--expect', 'violated']],
    [
      '3 for an expected violation that did not come',
      3,
      [...three, '--order', 'Retreat', 'general-2=flip', '--expect', 'violated'],
    ],
    ['64 for an unknown flag', 64, ['--genrals', '4']],
    ['64 for numbers outside the bound', 64, ['--generals', '6', '--traitors', '2']],
    ['64 for three generals without a traitor', 64, ['--generals', '3', '--traitors', '0']],
    ['64 for more traitors than m', 64, ['--faults', '1', '--traitors', '2']],
    ['64 for an unknown strategy', 64, ['--strategy', 'silnt']],
    ['64 for an unknown strategy of one general', 64, ['general-1=silnt']],
    ['64 for a general that is none', 64, ['g1=silent']],
    ['64 for a general that is not in the round', 64, ['general-4=silent']],
    ['64 for an order that is none', 64, ['--order', 'wait']],
    ['64 for a seed that is no number', 64, ['--seed', 'x']],
    ['64 for too many messages', 64, ['--generals', '13', '--traitors', '4']],
    ['64 for an expectation that nobody can have', 64, ['--expect', 'peace']],
    ['64 for no nodes', 64, ['--nodes', '0']],
  ])('%s', async (_claim, code, args) => {
    const { exitCode, stdout, stderr } = await createTestShell().run('run', ...args);
    expect({ exitCode, stderr: stderr === '' }).toEqual({ exitCode: code, stderr: code !== 64 });
    expect(stdout === '').toBe(code === 64);
  });

  test('78 for wrong settings, whatever the flags', async () => {
    const shell = createTestShell({ environment: { BYZANTINE_FAULT_COUNT: '2' } });
    const { exitCode, stderr } = await shell.run('run');
    expect(exitCode).toBe(78);
    expect(stderr).toContain('byzantine.fault_count = 2 (BYZANTINE_FAULT_COUNT): m = 2 needs n ≥ 7, got 4');
  });

  test('78 for a settings file that is not there', async () => {
    const { exitCode } = await createTestShell().run('run', '--config', 'nowhere.toml');
    expect(exitCode).toBe(78);
  });
});

describe('errors of byz run say what to do', () => {
  test.each([
    [
      ['--generals', '13', '--traitors', '4'],
      'OM(4) with 13 generals sends 108,384 messages; the limit is 20,000',
    ],
    [['--generals', '13', '--traitors', '4'], 'try --traitors 3, or --max-messages 108384'],
    [['--generals', '6', '--traitors', '2'], 'm = 2 needs n ≥ 7, got 6'],
    [['--generals', '6', '--traitors', '2'], '--outside-bound'],
    [['--strategy', 'silnt'], 'did you mean "silent"?'],
    [['--protocol', 'on'], 'allowed: "om"'],
    [['general-1=twofaced'], 'did you mean two-faced?'],
    [['--genrals', '4'], 'Did you mean --generals?'],
  ])('%j: %s', async (args, part) => {
    const { stderr } = await createTestShell().run('run', ...args);
    expect(stderr).toContain(part);
  });
});

describe('Ctrl-C', () => {
  const silence = ['run', 'general-0=silent', '--phase-ms', '600000', '--seed', '1'];

  test('cancels the round and still prints what is known, with exit code 130', async () => {
    const shell = createTestShell({ isTerminal: true });
    const running = shell.run(...silence);
    await eventually(() => shell.stderr.includes('round 1 · phase 1 of 2 · 0 of 9 messages'));
    shell.interrupt();
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/^Agreement +unknown/m);
    expect(stdout.trimEnd()).toMatch(/\nUNKNOWN$/);
    expect(shell.exits).toEqual([]);
  });

  test('a second time ends the process at once', async () => {
    const shell = createTestShell({ isTerminal: true });
    const running = shell.run(...silence);
    await eventually(() => shell.stderr.includes('phase 1 of 2'));
    shell.interrupt();
    shell.interrupt();
    expect(shell.exits).toEqual([130]);
    await running;
  });

  test('shows no progress where stderr is no terminal', async () => {
    const { stderr } = await createTestShell().run('run', 'general-2=silent', '--phase-ms', '150');
    expect(stderr).toBe('');
  });
});

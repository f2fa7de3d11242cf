import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePlan, printPlan } from './plan/plan-document.js';
import { parseDocument } from './testing/documents.js';
import { createTestShell } from './testing/test-shell.js';

const folder = () => mkdtempSync(join(tmpdir(), 'byzantine-'));

describe('byz prove', () => {
  test('goes through all behaviours within the bound and finds nothing', async () => {
    const { exitCode, stdout } = await createTestShell().run('prove', '--json');
    const { claims, violations, behaviours } = parseDocument('byzantine.prove/1', stdout);
    expect(exitCode).toBe(0);
    expect([behaviours, violations]).toEqual(['32', '0']);
    expect(claims).toMatchObject([{ withinBound: true, witness: null }]);
  });

  test('refuses a setting outside the bound unless asked, then shows the first treason', async () => {
    const shell = createTestShell();
    expect((await shell.run('prove', '--generals', '3', '--faults', '1')).exitCode).toBe(64);
    const outside = await shell.run('prove', '--generals', '3', '--faults', '1', '--outside-bound');
    expect(outside.exitCode).toBe(3);
    expect(outside.stdout).toContain('phase 1: general-1 tells general-2 Retreat');
    expect(outside.stdout).toContain('breaks, not promised');
  });

  test('says that more than can be enumerated is for byz search', async () => {
    const { exitCode, stderr } = await createTestShell().run('prove', '--generals', '10', '--faults', '3');
    expect(exitCode).toBe(75);
    expect(stderr).toContain('byz search');
  });

  test.each([
    [['--protocol', 'king', '--council', '--max-evaluations', '50'], true],
    [['--generals', '7', '--faults', '2', '--max-evaluations', '50'], true],
    [['--generals', '10', '--faults', '3'], false],
    [['--generals', '31', '--faults', '10'], false],
  ])('tells to raise the limit only where that can help: %j %s', async (flags, canHelp) => {
    const { exitCode, stderr } = await createTestShell().run('prove', ...flags);
    expect(exitCode).toBe(75);
    expect(stderr.includes('raise --max-evaluations')).toBe(canHelp);
  });

  test.each([
    [['--protocol', 'sm', '--generals', '3'], '32'],
    [['--protocol', 'king', '--council'], '238085568'],
    [['--mode', 'board', '--generals', '3'], '7'],
  ])('steps the engine itself where it is not OM: %j', async (flags, behaviours) => {
    const { exitCode, stdout } = await createTestShell().run('prove', ...flags, '--json');
    expect(exitCode).toBe(0);
    const document = parseDocument('byzantine.prove/1', stdout);
    expect(document).toMatchObject({ behaviours, violations: '0' });
    expect(document.claims).toMatchObject([{ withinBound: true, witness: null, convictedLoyal: [] }]);
  });

  test.each([
    [['--generals', '31', '--faults', '10']],
    [['--protocol', 'king', '--council', '--generals', '31', '--faults', '10']],
    [['--protocol', 'king', '--generals', '16', '--faults', '5', '--max-evaluations', '1000']],
  ])('is quick to say that there are too many behaviours: %j', async (flags) => {
    const { exitCode, stderr } = await createTestShell().run('prove', ...flags);
    expect(exitCode).toBe(75);
    expect(stderr).toContain('takes more than');
  });

  test('refuses more evaluations than it may', async () => {
    const few = ['--max-evaluations', '50'];
    const refused = await createTestShell().run('prove', '--protocol', 'king', '--council', ...few);
    expect(refused.exitCode).toBe(75);
    expect(refused.stderr).toContain(
      'King(1) council, 4 generals, 1 traitor: takes more than 50 evaluations',
    );
  });

  test.each([
    ['phase-king', ['--council']],
    ['sm', ['--traitors', '2', '--faults', '1']],
  ])('the first treason against %s is a plan that runs as predicted', async (protocol, flags) => {
    const shell = createTestShell({ workingDirectory: folder() });
    const setting = ['--protocol', protocol, '--generals', '4', ...flags, '--outside-bound'];
    const proved = await shell.run('prove', ...setting, '-o', 'first.json');
    expect(proved.exitCode).toBe(3);
    const run = await shell.run('run', '--plan', 'first.json', '--phase-ms', '300');
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('decided as the plan predicts');
  });

  test('shows the two rounds that a loyal general cannot tell apart', async () => {
    const { exitCode, stdout } = await createTestShell().run('prove', '--show-views');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('equal, byte for byte');
    expect(stdout.match(/phase 1, general-2: Retreat by general-0 > general-2/g)).toHaveLength(2);
    const document = await createTestShell().run('prove', '--show-views', '--json');
    const { areEqual, rounds } = parseDocument('byzantine.views/1', document.stdout);
    expect(areEqual).toBe(true);
    expect(rounds[0]?.told).toEqual(rounds[1]?.told);
  });
});

describe('byz search, shrink and run --plan', () => {
  test.each([
    ['3', '1', 1],
    ['6', '2', 6],
  ])('n = %s against %s: found, made small, and run with the predicted decisions', async (n, m, lies) => {
    const workingDirectory = folder();
    const shell = createTestShell({ workingDirectory });
    const setting = ['--generals', n, '--faults', m, '--outside-bound'];
    const found = await shell.run('search', ...setting, '-o', 'found.toml');
    expect(found.exitCode).toBe(3);
    const shrunk = await shell.run('shrink', 'found.toml', '-o', 'small.json', '--json');
    const document = parseDocument('byzantine.shrink/1', shrunk.stdout);
    expect([shrunk.exitCode, document.lies]).toEqual([0, lies]);
    const run = await shell.run('run', '--plan', 'small.json', '--json');
    const round = parseDocument('byzantine.round/1', run.stdout);
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('decided as the plan predicts');
    expect(round.verdict).toMatchObject({ agreement: 'violated' });
    expect(round.decisions).toEqual(document.plan.decisions);
  });

  test.each<[string, readonly string[], object]>([
    [
      'SM with one traitor too many (KA14)',
      ['--protocol', 'sm', '--generals', '4', '--faults', '1', '--traitors', '2'],
      { protocol: 'sm', mode: 'signed', council: false },
    ],
    [
      'a council by King',
      ['--protocol', 'king', '--council', '--generals', '3', '--faults', '1'],
      { protocol: 'king', council: true },
    ],
    [
      'a council on a board',
      ['--mode', 'board', '--council', '--generals', '4', '--faults', '2'],
      { protocol: 'om', mode: 'board', council: true },
    ],
    [
      'a council of OM',
      ['--council', '--generals', '3', '--faults', '1'],
      { protocol: 'om', mode: 'mailbox', council: true },
    ],
  ])('%s: found, made small, and run with the predicted decisions', async (_, flags, facts) => {
    const shell = createTestShell({ workingDirectory: folder() });
    const found = await shell.run('search', ...flags, '--outside-bound', '-o', 'found.toml');
    expect(found.exitCode).toBe(3);
    const shrunk = await shell.run('shrink', 'found.toml', '-o', 'small.toml', '--json');
    expect(parseDocument('byzantine.shrink/1', shrunk.stdout).plan).toMatchObject(facts);
    const run = await shell.run('run', '--plan', 'small.toml', '--json', '--phase-ms', '300');
    expect(run.stderr).toContain('decided as the plan predicts');
    expect(run.exitCode).toBe(3);
    const { verdict } = parseDocument('byzantine.round/1', run.stdout);
    expect(Object.values(verdict ?? {})).toContain('violated');
  });

  test('an own strategy is tried on every choice of traitors, and what it breaks can be made small', async () => {
    const workingDirectory = folder();
    const code = `export const createPlan = () => ({ to }) => (to === 'general-2' ? 'Retreat' : 'Attack');`;
    writeFileSync(join(workingDirectory, 'mine.ts'), code);
    const shell = createTestShell({ workingDirectory });
    const flags = ['--strategy', './mine.ts', '--generals', '3', '--faults', '1', '--outside-bound'];
    const found = await shell.run('search', ...flags, '-o', 'found.toml', '--json');
    expect(found.exitCode).toBe(3);
    expect(parseDocument('byzantine.search/1', found.stdout)).toMatchObject({ isFound: true, rung: 'own' });
    expect((await shell.run('shrink', 'found.toml')).stderr).toContain('1 of ');
    const within = ['--strategy', './mine.ts', '--runs', '60'];
    const held = await shell.run('search', ...within);
    expect({ exitCode: held.exitCode, stdout: held.stdout }).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining('(own 60;') as string,
    });
  });

  test('what nothing can break is not searched, and the reason is given', async () => {
    const asked = ['search', '--mode', 'board', '--generals', '4', '--faults', '2'];
    const { exitCode, stdout } = await createTestShell().run(...asked);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('nothing breaks it: on a board everybody reads the one order');
    const { stdout: json } = await createTestShell().run(...asked, '--json');
    expect(parseDocument('byzantine.search/1', json)).toMatchObject({ isProof: true, tried: [] });
  });

  test('a search within the bound that went through everything says so', async () => {
    const { exitCode, stdout } = await createTestShell().run('search', '--json');
    expect(exitCode).toBe(0);
    expect(parseDocument('byzantine.search/1', stdout)).toMatchObject({ isFound: false, isProof: true });
  });

  test('a search that found nothing on its rungs does not know', async () => {
    const { exitCode, stdout } = await createTestShell().run('search', '--rungs', 'random', '--runs', '50');
    expect(exitCode).toBe(2);
    expect(stdout).toContain('proves nothing');
  });

  test.each(['two-faced', 'random', 'climb'])('the rung %s alone finds what breaks three', async (rung) => {
    const { exitCode } = await createTestShell().run(
      'search',
      ...['--generals', '3', '--faults', '1', '--outside-bound', '--rungs', rung, '--json'],
    );
    expect(exitCode).toBe(3);
  });
});

describe('a plan file', () => {
  const good = {
    plan: 1,
    protocol: 'om',
    generals: 4,
    faults: 1,
    order: 'Attack',
    seed: 7,
    traitors: [
      {
        general: 'general-2',
        strategy: 'table',
        acts: [
          {
            phase: 1,
            to: 'general-1',
            path: ['general-0', 'general-2'],
            act: 'nothing',
            when: 'late',
            if_loyal: 'Attack',
            also: { phase: 9, from: 'general-3', to: 'general-1', path: [], vote: 'Maybe' },
          },
        ],
      },
    ],
  };

  test.each(['plan.toml', 'plan.json'])('%s says the same after it was written and read', (name) => {
    const plan = parsePlan('plan.json', JSON.stringify(good));
    expect(parsePlan(name, printPlan(name, plan))).toEqual(plan);
    const named = { ...good, traitors: [{ general: 'general-1', strategy: 'flip', only: { phases: [1] } }] };
    const flip = parsePlan('plan.json', JSON.stringify(named));
    expect(flip.traitors).toEqual([{ general: 'general-1', strategy: 'flip', only: { phases: [1] } }]);
    expect(parsePlan(name, printPlan(name, flip))).toEqual(flip);
  });

  test('of a council says who proposes what', () => {
    const council = { ...good, council: true, inputs: { 'general-3': 'Retreat' }, traitors: [] };
    const plan = parsePlan('plan.json', JSON.stringify(council));
    expect(plan.setting.isCouncil).toBe(true);
    expect(plan.inputs).toEqual(new Map([['general-3', 'Retreat']]));
    expect(parsePlan('plan.toml', printPlan('plan.toml', plan))).toEqual(plan);
  });

  test.each<[string, object]>([
    ['inputs', { inputs: { 'general-3': 'Retreat' } }],
    ['inputs.general-9', { council: true, inputs: { 'general-9': 'Retreat' } }],
    ['mode', { mode: 'signed' }],
    ['protocol', { protocol: 'om2' }],
  ])('that describes no round is refused with the place: %s', (place, wrongly) => {
    const wrong = JSON.stringify({ ...good, traitors: [], ...wrongly });
    expect(() => parsePlan('plan.json', wrong)).toThrow(`plan.json: ${place}`);
  });

  test.each<[string, object]>([
    ['traitors[0].acts[0].act', { act: 'Maybe' }],
    ['traitors[0].acts[0].path', { path: ['general-0', 'general-3'] }],
    ['traitors[0].acts[0].phase', { phase: -1 }],
    ['traitors[0].acts[0].also.phase', { also: { ...good.traitors[0]?.acts[0]?.also, phase: 0.5 } }],
    ['traitors[0].acts[0]', { vote: 'Attack' }],
  ])('that is wrong is refused with the slot: %s', async (place, wrongly) => {
    const workingDirectory = folder();
    const [traitor] = good.traitors;
    const acts = [{ ...traitor?.acts[0], ...wrongly }];
    const wrong = { ...good, traitors: [{ ...traitor, acts }] };
    writeFileSync(join(workingDirectory, 'wrong.json'), JSON.stringify(wrong));
    const { exitCode, stderr } = await createTestShell({ workingDirectory }).run(
      'run',
      '--plan',
      'wrong.json',
    );
    expect(exitCode).toBe(64);
    expect(stderr).toContain(`wrong.json: ${place}`);
  });

  test('that is not there, or breaks nothing, is told apart', async () => {
    const workingDirectory = folder();
    const shell = createTestShell({ workingDirectory });
    expect((await shell.run('shrink', 'nowhere.toml')).exitCode).toBe(66);
    writeFileSync(join(workingDirectory, 'good.json'), JSON.stringify(good));
    expect((await shell.run('shrink', 'good.json')).exitCode).toBe(64);
    expect(readFileSync(join(workingDirectory, 'good.json'), 'utf8')).toBe(JSON.stringify(good));
  });

  test('with late and illegal messages runs to the predicted end, and they are counted', async () => {
    const workingDirectory = folder();
    const lies = structuredClone(good) as { traitors: unknown[] };
    const path = ['general-0', 'general-2'];
    const also = { phase: 5, from: 'general-3', to: 'general-1', path, vote: 'Retreat' };
    lies.traitors = [
      {
        general: 'general-2',
        strategy: 'table',
        acts: [
          { phase: 1, to: 'general-1', path, act: 'Retreat', when: 'late', also },
          { phase: 1, to: 'general-3', path, act: 'Retreat', when: 'last-moment' },
        ],
      },
    ];
    writeFileSync(join(workingDirectory, 'late.json'), JSON.stringify(lies));
    const shell = createTestShell({ workingDirectory });
    const run = await shell.run('run', '--plan', 'late.json', '--phase-ms', '400', '--json', '--all');
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('decided as the plan predicts');
    const { ignored, messages } = parseDocument('byzantine.round/1', run.stdout);
    expect(ignored).toMatchObject({ late: 1, forged_sender: 1 });
    const told = messages?.filter(({ from, phase, counts }) => from === 'general-2' && phase === 1 && counts);
    expect(told?.map(({ to }) => to)).toEqual(['general-3']);
  });
});

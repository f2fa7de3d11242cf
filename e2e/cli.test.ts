/**
 * The command line as processes: what only a real process shows. Everything else is tested in services/cli.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../services/tuplespace/testing/free-port.js';

const main = resolve('dist/services/cli/main.js');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
function run(file: string, args: readonly string[], cwd = process.cwd()): Promise<Ended> {
  return new Promise((done) => {
    const options = {
      cwd,
      maxBuffer: 64 * 1024 * 1024,
      timeout: 60_000,
      env: { ...process.env, LANG: 'C.UTF-8' },
    };
    const child = execFile(file, args, options, (_error, stdout, stderr) => {
      done({ code: child.exitCode, stdout, stderr });
    });
  });
}

const byz = (...args: string[]): Promise<Ended> => run(process.execPath, [main, ...args]);

test.each<[number, string[]]>([
  [0, ['run']],
  [0, ['run', 'general-2=silent', '--phase-ms', '200']],
  [3, ['run', '--generals', '3', '--traitors', '1', '--outside-bound', 'general-2=flip']],
  [64, ['run', '--generals', '3', '--traitors', '1']],
  [64, ['rum']],
  [78, ['run', '--config', 'nowhere.toml']],
  [69, ['nodes', '--target', '127.0.0.1:1']],
])('the process ends with exit code %i: byz %j', async (code, args) => {
  const ended = await byz(...args);
  expect(ended).toMatchObject({ code });
  expect(ended.stderr === '').toBe(code === 0 || code === 3);
});

test('a report has a line for each property and each metric, and ends in PASS', async () => {
  const { stdout } = await byz('run');
  for (const name of [
    'Agreement',
    'Validity',
    'Termination',
    'Coordination time',
    'Compute time',
    'Granularity ratio',
  ]) {
    expect(stdout.split('\n').filter((line) => line.startsWith(name))).toHaveLength(1);
  }
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('PASS');
});

test('a long document arrives whole through a pipe', async () => {
  const { stdout, code } = await byz(
    'run',
    '--generals',
    '10',
    '--traitors',
    '3',
    '--seed',
    '1',
    '--json',
    '--all',
  );
  expect(code).toBe(0);
  expect(stdout.length).toBeGreaterThan(500_000);
  expect(JSON.parse(stdout)).toMatchObject({ schema: 'byzantine.round/1', messageCount: 3_609 });
});

test('a reader that has seen enough is no failure', async () => {
  const all = `"${process.execPath}" "${main}" run --generals 10 --traitors 3 --all`;
  const command = `${all} | head -n 1; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await run('bash', ['-c', command]);
  expect(stderr).toBe('');
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^(0|141)$/);
});

test('byz dev serves all services where it says so; Ctrl-C ends a watch, SIGTERM ends dev', async () => {
  const addresses = await Promise.all(Array.from({ length: 4 }, freePort));
  const [tuplespace = '', orchestrator = '', generalNode = '', dashboard = ''] = addresses.map(
    (port) => `127.0.0.1:${port}`,
  );
  const spaceAt = ['--tuplespace', tuplespace, '--general-node', generalNode];
  const at = [...spaceAt, '--orchestrator', orchestrator, '--dashboard', dashboard];
  const child = spawn(process.execPath, [main, 'dev', '--nodes', '1', ...at], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [banner] = (await once(child.stdout, 'data')) as [Buffer];
  for (const address of [tuplespace, orchestrator, generalNode]) {
    expect(banner.toString()).toContain(address);
    expect(await byz('health', address)).toMatchObject({ code: 0 });
  }
  const [page] = /http:\S+/.exec(banner.toString()) ?? [];
  expect(page).toMatch(`http://${dashboard}/#key=`);
  expect((await fetch(page ?? '')).status).toBe(200);
  expect(banner.toString()).toContain('in memory');
  expect(await byz('round', 'start', '--watch', '--orchestrator', orchestrator)).toMatchObject({ code: 0 });
  const silent = ['general-0=silent', '--phase-ms', '600000', '--json'];
  const { number } = JSON.parse(
    (await byz('round', 'start', ...silent, '--orchestrator', orchestrator)).stdout,
  );
  const watch = spawn(process.execPath, [
    main,
    'round',
    'watch',
    String(number),
    '--orchestrator',
    orchestrator,
  ]);
  const watchEnded = once(watch, 'exit');
  await once(watch.stdout, 'data');
  watch.kill('SIGINT');
  expect(await watchEnded).toEqual([130, null]);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test('scripts/run.sh works through a link, from another folder, with flags', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'byz-'));
  symlinkSync(resolve('scripts/run.sh'), join(folder, 'link'));
  try {
    const { code, stdout } = await run(join(folder, 'link'), ['--seed', '7', '--json'], folder);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ seed: 7, generals: 4 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

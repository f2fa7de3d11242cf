import { EventEmitter } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from './testing/documents.js';
import { createTestShell, eventually } from './testing/test-shell.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'byz-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const shell = (input?: Keyboard) =>
  createTestShell({ workingDirectory: folder, ...(input === undefined ? {} : { input }) });
const latest = (file: string) => join(folder, 'runs', 'latest', file);

async function saveRound(...flags: string[]): Promise<void> {
  const { exitCode, stderr } = await shell().run('run', '--seed', '7', '--save', ...flags);
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('saved  runs/') as string,
  });
}

describe('byz replay of a signed round', () => {
  test('checks every signature, and names a message with a changed one', async () => {
    await saveRound('--protocol', 'sm', '--generals', '4', '--faults', '1', '--strategy', 'two-faced');
    const whole = await shell().run('replay', 'runs/latest', '--json');
    expect(whole.exitCode).toBe(0);
    expect(parseDocument('byzantine.replay/1', whole.stdout)).toMatchObject({
      follows: true,
      unproved: null,
    });
    const lines = readFileSync(latest('trace.jsonl'), 'utf8').split('\n');
    const at = lines.findLastIndex((line) => line.includes('"signatures":["'));
    const flipped = (digit: string) => (digit === '0' ? '1' : '0');
    lines[at] =
      lines[at]?.replace(/"signatures":\["(.)/, (_, digit: string) => `"signatures":["${flipped(digit)}`) ??
      '';
    writeFileSync(latest('trace.jsonl'), lines.join('\n'));
    const changed = await shell().run('replay', 'runs/latest');
    expect(changed.exitCode).toBe(1);
    expect(changed.stdout).toContain(`line ${at + 1} of the record does not follow`);
    expect(changed.stdout).toContain('with a signature that is not the one which follows');
  });
});

describe('byz run --save', () => {
  test('keeps the record, the verdict, the metrics, a diagram and a report', async () => {
    await saveRound();
    expect(readdirSync(latest('')).toSorted()).toEqual([
      'diagram.svg',
      'metrics.json',
      'report.html',
      'trace.jsonl',
      'verdict.json',
    ]);
    const verdict = JSON.parse(readFileSync(latest('verdict.json'), 'utf8')) as object;
    expect(verdict).toMatchObject({ schema: 'byzantine.verdict/1', verdict: { agreement: 'holds' } });
    const metrics = JSON.parse(readFileSync(latest('metrics.json'), 'utf8')) as object;
    expect(metrics).toMatchObject({ schema: 'byzantine.metrics/1', generals: expect.anything() as unknown });
  });

  test('two rounds of one second are two runs, and latest is the second', async () => {
    await saveRound();
    const first = realpathSync(latest(''));
    await saveRound();
    expect(realpathSync(latest(''))).not.toBe(first);
    expect(readdirSync(join(folder, 'runs'))).toHaveLength(3);
  });

  test('a folder that cannot be written is known before the round', async () => {
    writeFileSync(join(folder, 'runs'), 'a file');
    const { exitCode, stdout, stderr } = await shell().run('run', '--save');
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
    expect(stderr).toMatch(/^error: runs cannot be written: .*\n +another folder: --save-to <folder>/);
  });

  test('without it nothing is written', async () => {
    await shell().run('run', '--seed', '7');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('byz replay', () => {
  test('gives the report again and says that it follows', async () => {
    await saveRound('--generals', '7', '--traitors', '2');
    const { exitCode, stdout } = await shell().run('replay', 'runs/latest');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Agreement +holds/m);
    expect(stdout).toMatch(
      /^Replay {3}follows {3}run again by the core on the record: 66 messages, 5 decisions/m,
    );
  });

  test('names the message in which one byte was changed', async () => {
    await saveRound();
    const lines = readFileSync(latest('trace.jsonl'), 'utf8').split('\n');
    const at = lines.findLastIndex((line) => line.includes('"kind":"message"'));
    // One byte of a path: its sender now speaks of what it never heard.
    lines[at] = lines[at]?.replace('"path":["general-0"', '"path":["general-9"') ?? '';
    writeFileSync(latest('trace.jsonl'), lines.join('\n'));
    const { exitCode, stdout } = await shell().run('replay', 'runs/latest');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`Replay   MISMATCH   line ${at + 1} of the record does not follow`);
    const json = await shell().run('replay', latest('trace.jsonl'), '--json');
    const document = parseDocument('byzantine.replay/1', json.stdout);
    expect(document).toMatchObject({ follows: false, mismatches: [{ line: at + 1, what: 'message' }] });
  });

  test('a record of a lesson outside the bound follows as well', async () => {
    await shell().run(
      'run',
      '--generals',
      '3',
      '--traitors',
      '1',
      '--outside-bound',
      '--seed',
      '7',
      '--save',
    );
    const { stdout } = await shell().run('replay', 'runs/latest', '--json');
    expect(parseDocument('byzantine.replay/1', stdout)).toMatchObject({ follows: true, isWhole: true });
  });

  test('--step is a line for each event where nobody sits at a terminal', async () => {
    await saveRound();
    const { stdout } = await shell().run('replay', 'runs/latest', '--step');
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^ {3}1 +0 ms {2}round 1 starts: OM\(1\), 4 generals, the order is Attack$/);
    expect(stdout).toMatch(/general-3 tells general-\d that general-0 said Retreat \(false\)/);
  });

  test('--step goes forward and back with the keys, and q leaves the terminal as it was', async () => {
    await saveRound();
    const keys = new Keyboard();
    const player = shell(keys);
    const ended = player.run('replay', 'runs/latest', '--step');
    const step = (number: number) => () =>
      player.stdout.slice(player.stdout.lastIndexOf('\u001b[H')).includes(`step ${number} of `);
    await eventually(step(1));
    keys.press('\u001b[C', '\u001b[C');
    await eventually(step(3));
    keys.press('\u001b[D');
    await eventually(step(2));
    keys.press('\u001b[F');
    await eventually(() => player.stdout.includes('Replay   '));
    keys.press('q');
    expect((await ended).exitCode).toBe(0);
    expect(player.stdout.endsWith('\u001b[?1049l')).toBe(true);
    expect(keys.isRaw).toBe(false);
  });

  test('a file that is not there is exit code 66, one that is no record 64', async () => {
    expect(await shell().run('replay', 'runs/latest')).toMatchObject({ exitCode: 66 });
    writeFileSync(join(folder, 'other.jsonl'), '{"schema":"byzantine.history/1"}\n');
    const { exitCode, stderr } = await shell().run('replay', 'other.jsonl');
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining('other.jsonl: is no record of a round: line 1') as string,
    });
  });
});

test('byz export writes the files of a run from its record alone', async () => {
  await saveRound();
  for (const [form, file] of [
    ['report', 'report.html'],
    ['diagram', 'diagram.svg'],
  ] as const) {
    const { stdout } = await shell().run('export', 'runs/latest', '--as', form);
    expect(stdout).toBe(readFileSync(latest(file), 'utf8'));
  }
  expect((await shell().run('export', 'runs/latest', '--as', 'shiviz')).stdout).toMatch(
    /^general-1 \{.*\}$/m,
  );
});

/** The keys of a terminal, pressed by a test. */
class Keyboard extends EventEmitter {
  isRaw = false;

  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw;
  }

  resume(): void {}

  pause(): void {}

  press(...sequences: string[]): void {
    this.emit('data', sequences.join(''));
  }
}

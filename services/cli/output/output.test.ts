import { ManualClock } from '../../runtime/index.js';
import { createTestShell } from '../testing/test-shell.js';
import { Progress } from './progress.js';
import { createStyle } from './style.js';
import { alignedTable, plainTable } from './table.js';
import { createTerminal, toAscii } from './terminal.js';

function streams(options: { isTTY?: boolean; environment?: Record<string, string>; platform?: string } = {}) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    ...(options.isTTY === undefined ? {} : { isTTY: options.isTTY }),
    columns: 100,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const terminal = createTerminal({
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    environment: options.environment ?? {},
    platform: options.platform ?? 'linux',
  });
  return { terminal, written };
}

describe('colour', () => {
  test.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('with a terminal %p and %j is shown: %p', (isTTY, environment, hasColor) => {
    expect(streams({ isTTY, environment }).terminal.hasColor).toBe(hasColor);
  });

  test('is left away without changing a letter', () => {
    expect(createStyle({ hasColor: false }).bad('violated')).toBe('violated');
    expect(createStyle({ hasColor: true }).bad('violated')).toBe('\u001b[31mviolated\u001b[0m');
  });
});

describe('characters', () => {
  test.each([
    [{ LANG: 'en_US.UTF-8' }, 'linux', 'n ≥ 4'],
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, 'linux', 'n >= 4'],
    [{}, 'linux', 'n >= 4'],
    [{}, 'darwin', 'n ≥ 4'],
  ])('with %j on %s a report says %s', (environment, platform, shown) => {
    const { terminal, written } = streams({ environment, platform });
    terminal.report('n ≥ 4');
    expect(written.stdout).toBe(`${shown}\n`);
  });

  test('data stay as they are', () => {
    const { terminal, written } = streams();
    terminal.data('("≥")');
    expect(written.stdout).toBe('("≥")\n');
  });

  test('a character without a form in ASCII becomes a question mark', () => {
    expect(toAscii('→ ≤ · … é\n')).toBe('-> <= - ... ?\n');
  });
});

test('a line is redrawn only on a terminal', () => {
  const [onTerminal, inFile] = [streams({ isTTY: true }), streams()];
  onTerminal.terminal.redraw('waiting');
  inFile.terminal.redraw('waiting');
  expect(onTerminal.written.stderr).toBe('\r\u001b[Kwaiting');
  expect(inFile.written.stderr).toBe('');
});

describe('progress', () => {
  const told = (isTTY: boolean, advances: readonly number[]) => {
    const clock = new ManualClock();
    const { terminal, written } = streams({ isTTY });
    const progress = new Progress(terminal, clock, (elapsedMs) => `at ${elapsedMs}`);
    for (const ms of advances) clock.advance(ms);
    progress.stop();
    progress.stop();
    expect(clock.timerCount).toBe(0);
    return written.stderr;
  };

  test('on a terminal a line is drawn again and again, and taken away in the end', () => {
    const line = (text: string) => `\r\u001b[K${text}`;
    expect(told(true, [99])).toBe(line('').repeat(2));
    expect(told(true, [250])).toBe(line('at 100') + line('at 200') + line('').repeat(2));
  });

  test('elsewhere a line is added every ten seconds', () => {
    expect(told(false, [9_999])).toBe('');
    expect(told(false, [20_000])).toBe('at 10000\nat 20000\n');
  });

  test('work that lets no timer run shows it by itself, and no more often', () => {
    let nowMs = 0;
    const clock = { monotonicMs: () => nowMs, wallMs: () => nowMs, after: () => () => {} };
    const { terminal, written } = streams();
    const progress = new Progress(terminal, clock, (elapsedMs) => `at ${elapsedMs}`);
    for (; nowMs <= 25_000; nowMs += 2_500) progress.tick();
    expect(written.stderr).toBe('at 10000\nat 20000\n');
  });
});

test('a line is 80 characters long where there is no terminal', () => {
  expect(streams().terminal.columns).toBe(80);
  expect(streams({ isTTY: true }).terminal.columns).toBe(100);
});

describe('tables', () => {
  const content = {
    head: ['node', 'generals', 'note'],
    rows: [
      ['node-1', '\u001b[31mgeneral-0\u001b[0m', ''],
      ['n', 'general-1', 'ok'],
    ],
  };

  test('columns are aligned, colour or not, and no line ends in spaces', () => {
    expect(alignedTable(content)).toBe(
      'node    generals   note\nnode-1  \u001b[31mgeneral-0\u001b[0m\nn       general-1  ok',
    );
  });

  test('the plain form has one fact a line', () => {
    expect(plainTable(content)).toBe(
      'node-1 generals: \u001b[31mgeneral-0\u001b[0m\nn generals: general-1\nn note: ok',
    );
  });
});

test('with --plain nothing has colour and nothing is redrawn, whatever the terminal can do', async () => {
  const environment = { FORCE_COLOR: '1' };
  const colourful = await createTestShell({ environment, isTerminal: true }).run('run', '--seed', '7');
  const plain = await createTestShell({ environment, isTerminal: true }).run('run', '--seed', '7', '--plain');
  expect(colourful.stdout).toContain('\u001b[');
  expect(plain.stdout + plain.stderr).not.toContain('\u001b');
  expect(plain.stdout).toMatch(/^Agreement: holds/m);
});

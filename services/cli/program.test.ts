import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceError } from '../runtime/index.js';
import { codeOfError } from './exit-codes.js';
import { parseDocument } from './testing/documents.js';
import { createTestShell } from './testing/test-shell.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'byz-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('help', () => {
  test.each([[[]], [['--help']], [['help']]])(
    'byz %j shows the commands and examples, with exit code 0',
    async (args) => {
      const { exitCode, stdout } = await createTestShell().run(...args);
      expect(exitCode).toBe(0);
      for (const part of ['run', 'dev', 'round', 'space', 'Examples:']) expect(stdout).toContain(part);
    },
  );

  test.each([
    ['rum', 'Did you mean run?'],
    ['spacce', 'Did you mean space?'],
  ])('the unknown command %s is exit code 64: %s', async (command, part) => {
    const { exitCode, stderr, stdout } = await createTestShell().run(command);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
    expect(stderr).toContain(part);
  });

  test('a missing operand is exit code 64', async () => {
    expect((await createTestShell().run('round', 'show')).exitCode).toBe(64);
  });
});

describe('byz version', () => {
  test.each([['version'], ['--version'], ['-V']])('%s prints the version', async (command) => {
    expect((await createTestShell().run(command)).stdout).toMatch(/^byz \d+\.\d+\.\d+/);
  });

  test('has its document', async () => {
    const { stdout } = await createTestShell().run('version', '--json');
    expect(parseDocument('byzantine.version/1', stdout)).toMatchObject({ node: process.versions.node });
  });
});

describe('byz config', () => {
  test('show --origin tells where each value comes from', async () => {
    writeFileSync(join(folder, 'release.toml'), '[byzantine]\ngeneral_count = 7\n');
    const shell = createTestShell({ workingDirectory: folder, environment: { BYZANTINE_FAULT_COUNT: '2' } });
    const { stdout } = await shell.run('config', 'show', '--origin');
    expect(stdout).toMatch(/^byzantine\.general_count +7 +generals +release\.toml:2$/m);
    expect(stdout).toMatch(/^byzantine\.fault_count +2 +traitors +BYZANTINE_FAULT_COUNT$/m);
    expect(stdout).toMatch(/^byzantine\.strategy +"two-faced" +default$/m);
  });

  test('show --json has its document', async () => {
    const environment = { BYZANTINE_POSTGRES_URL: 'postgres://user@host/db' };
    const { stdout } = await createTestShell({ environment }).run('config', 'show', '--json');
    const { settings } = parseDocument('byzantine.config/1', stdout);
    expect(settings).toContainEqual(
      expect.objectContaining({ path: 'byzantine.postgres_url', value: 'postgres://user@host/db' }),
    );
  });

  test('a password in a URL is exit code 78 and shown by no form of show', async () => {
    const environment = { BYZANTINE_POSTGRES_URL: 'postgres://user:secret@host/db' };
    for (const form of [[], ['--json'], ['--origin']]) {
      const { exitCode, stdout, stderr } = await createTestShell({ environment }).run(
        'config',
        'show',
        ...form,
      );
      expect(exitCode).toBe(78);
      expect(stderr).toContain('byzantine.postgres_password_file');
      expect(stdout + stderr).not.toContain('secret@');
    }
  });

  test('defaults is the text of release.toml', async () => {
    const { stdout } = await createTestShell().run('config', 'defaults');
    expect(stdout).toBe(readFileSync('release.toml', 'utf8'));
  });

  test('wrong settings are exit code 78, all of them named', async () => {
    writeFileSync(join(folder, 'release.toml'), '[byzantine]\ngeneral_cout = 7\n[lg]\nlevel = "info"\n');
    const { exitCode, stderr } = await createTestShell({ workingDirectory: folder }).run('config', 'show');
    expect(exitCode).toBe(78);
    expect(stderr).toContain('did you mean byzantine.general_count?');
    expect(stderr).toContain('did you mean [log]?');
  });

  test('a file that is not TOML is exit code 78, with the line', async () => {
    writeFileSync(join(folder, 'broken.toml'), '[byzantine]\n\ngeneral_count = = 4\n');
    const shell = createTestShell({ workingDirectory: folder });
    const { exitCode, stderr } = await shell.run('config', 'show', '--config', 'broken.toml');
    expect(exitCode).toBe(78);
    expect(stderr).toContain('broken.toml:3');
  });
});

describe('byz examples', () => {
  test('shows a topic', async () => {
    const { stdout } = await createTestShell().run('examples', 'space');
    expect(stdout).toContain('byz space write');
    expect(stdout).not.toContain('byz dev');
  });

  test('an unknown topic is exit code 64, with the nearest one', async () => {
    const { exitCode, stderr } = await createTestShell().run('examples', 'spaces');
    expect(exitCode).toBe(64);
    expect(stderr).toContain('did you mean space?');
  });
});

describe('byz secret', () => {
  test('makes a secret that only its owner may read, and leaves one that is there', async () => {
    const path = join(folder, 'secret');
    expect((await createTestShell().run('secret', path)).exitCode).toBe(0);
    const secret = readFileSync(path, 'utf8');
    expect(secret).toMatch(/^[\w-]{43}\n$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const other = join(folder, 'another-secret');
    expect((await createTestShell().run('secret', path, other)).exitCode).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(secret);
    expect(readFileSync(other, 'utf8')).toMatch(/^[\w-]{43}\n$/);
  });

  test('a path that cannot be written is exit code 64', async () => {
    expect((await createTestShell().run('secret', join(folder, 'no/such/folder'))).exitCode).toBe(64);
  });
});

describe('every error of a service has an exit code', () => {
  test.each([
    ['invalid_argument', 64],
    ['not_found', 64],
    ['already_exists', 64],
    ['failed_precondition', 64],
    ['aborted', 75],
    ['out_of_range', 64],
    ['resource_exhausted', 75],
    ['unauthenticated', 77],
    ['permission_denied', 77],
    ['unavailable', 69],
    ['deadline_exceeded', 69],
    ['cancelled', 130],
    ['unimplemented', 70],
    ['internal', 70],
  ] as const)('%s is %i', (code, exitCode) => {
    expect(codeOfError(new ServiceError(code, 'x'))).toBe(exitCode);
  });
});

test('a duration needs a unit', async () => {
  const { parseDuration } = await import('./duration.js');
  expect(['500ms', '5s', '1.5s', '2m', '1h'].map((text) => parseDuration('--wait', text))).toEqual([
    500, 5_000, 1_500, 120_000, 3_600_000,
  ]);
  for (const text of ['5', 's', '-1s', '1d', '']) {
    expect(() => parseDuration('--wait', text)).toThrow(
      expect.objectContaining({ code: 'invalid_argument' }),
    );
  }
});

/**
 * The embedded system over stores that outlive it, and `byz doctor`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveSettings } from '../runtime/index.js';
import { startPostgresServer } from '../tuplespace/testing/postgres-server.js';
import { startRedisServer } from '../tuplespace/testing/redis-server.js';
import type { StoreServer } from '../tuplespace/testing/server-process.js';
import { startEmbedded } from './embedded.js';
import { settingTables } from './settings.js';
import { type DocumentOf, parseDocument } from './testing/documents.js';
import { createTestShell } from './testing/test-shell.js';

const password = 'sesame-of-the-tests';
const folder = mkdtempSync(join(tmpdir(), 'byzantine-secrets-'));
const passwordFile = join(folder, 'password');
writeFileSync(passwordFile, `${password}\n`);
afterAll(() => rmSync(folder, { recursive: true }));

const anyPort = {
  BYZANTINE_TUPLESPACE_ADDRESS: '127.0.0.1:0',
  BYZANTINE_GENERAL_NODE_ADDRESS: '127.0.0.1:0',
  BYZANTINE_ORCHESTRATOR_ADDRESS: '127.0.0.1:0',
  BYZANTINE_DASHBOARD_ADDRESS: '127.0.0.1:0',
};

async function runJson(...args: string[]): Promise<DocumentOf<'byzantine.round/1'>> {
  const { stdout, stderr } = await createTestShell().run('run', '--json', ...args);
  if (stdout === '') throw new Error(`no document: ${stderr}`);
  return parseDocument('byzantine.round/1', stdout);
}

describe.each([
  { backend: 'redis', start: () => startRedisServer({ password }) },
  { backend: 'postgres', start: () => startPostgresServer({ password }) },
])('byz over $backend', ({ backend, start }) => {
  let server: StoreServer;
  beforeAll(async () => {
    server = await start();
  }, 60_000);
  afterAll(() => server.stop());
  const flags = () => [
    ...['--backend', backend, `--${backend}-url`, server.url],
    ...[`--${backend}-password-file`, passwordFile],
  ];

  test('byz run gives the decisions and messages that it gives in memory, for the same seed', async () => {
    const round = ['--generals', '7', '--traitors', '2', '--strategy', 'random', '--seed', '11', '--all'];
    const [kept, inMemory] = [await runJson(...round, ...flags()), await runJson(...round)];
    for (const fact of ['decisions', 'traitors', 'verdict', 'messageCount', 'messages'] as const) {
      expect(kept[fact]).toEqual(inMemory[fact]);
    }
  });

  test('rounds are numbered on by the next run, and the report says where they are kept', async () => {
    const first = await runJson(...flags());
    const { stdout, exitCode } = await createTestShell().run('run', ...flags());
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^place +in (Redis|Postgres), kept, also if the machine crashes$/m);
    expect((await runJson(...flags())).number).toBe(first.number + 2);
  });

  test('a wrong password is exit code 78 from the settings, and shown to nobody', async () => {
    const wrong = join(folder, 'wrong');
    writeFileSync(wrong, 'another-word\n');
    const variable = `BYZANTINE_${backend.toUpperCase()}`;
    const environment = {
      BYZANTINE_TUPLESPACE_BACKEND: backend,
      [`${variable}_URL`]: server.url,
      [`${variable}_PASSWORD_FILE`]: wrong,
    };
    const { exitCode, stdout, stderr } = await createTestShell({ environment }).run('run');
    expect(exitCode).toBe(78);
    expect(stdout).toBe('');
    expect(stderr).toContain(`byzantine.${backend}_password_file`);
    expect(stderr).not.toMatch(/sesame|another-word|\n\s+at /);
  });

  test('byz doctor shows the service, each setting of the store, the clock and the nodes', async () => {
    const environment = {
      ...anyPort,
      BYZANTINE_TUPLESPACE_BACKEND: backend,
      [`BYZANTINE_${backend.toUpperCase()}_URL`]: server.url,
      [`BYZANTINE_${backend.toUpperCase()}_PASSWORD_FILE`]: passwordFile,
    };
    const settings = resolveSettings(settingTables, { environment });
    const system = await startEmbedded({ nodeCount: 2, settings, isServed: true });
    try {
      const at = (service: string) => system.addresses.find((one) => one.service === service)?.address ?? '';
      const targets = ['--tuplespace', at('TupleSpace'), '--orchestrator', at('Orchestrator')];
      const { stdout, exitCode } = await createTestShell().run('doctor', '--json', ...targets);
      expect(exitCode).toBe(0);
      const { checks } = parseDocument('byzantine.doctor/1', stdout);
      const found = new Map(checks.map((check) => [check.what, check]));
      expect(checks.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(found.get('store')?.found).toContain('power-loss');
      for (const { setting } of system.store.findings) {
        expect(found.get(`store ${setting}`)).toMatchObject({ status: 'ok', advice: null });
      }
      expect(found.get('nodes')?.found).toBe('2 nodes enrolled');
      const info = await createTestShell().run('space', 'info', '--tuplespace', at('TupleSpace'));
      expect(info.stdout).toMatch(/^durability +power-loss$/m);
      for (const { setting, found: value } of system.store.findings) {
        expect(info.stdout).toMatch(new RegExp(`^store\\.${setting} +${value}$`, 'm'));
      }
    } finally {
      await system.stop();
    }
  });
});

describe('byz doctor where nothing runs', () => {
  test('says what does not listen and what starts it, with exit code 69', async () => {
    const nowhere = ['--tuplespace', '127.0.0.1:1', '--orchestrator', '127.0.0.1:1'];
    const { stdout, exitCode } = await createTestShell().run('doctor', ...nowhere);
    expect(exitCode).toBe(69);
    expect(stdout).toMatch(/^FAILED +tuplespace +nothing listens at 127\.0\.0\.1:1$/m);
    expect(stdout).toContain('byz orchestrator starts it');
  });

  test('notices a port that another program has', async () => {
    const other = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const environment = { BYZANTINE_GENERAL_NODE_ADDRESS: `127.0.0.1:${port}` };
    const { stdout } = await createTestShell({ environment }).run('doctor', '--json');
    other.close();
    const { checks } = parseDocument('byzantine.doctor/1', stdout);
    expect(checks.find(({ what }) => what === 'node port')).toMatchObject({
      status: 'warning',
      found: `127.0.0.1:${port} is taken by another program`,
    });
  });
});

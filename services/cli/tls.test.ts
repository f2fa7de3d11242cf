/**
 * Mutual TLS between real services, with certificates that byz made, and what is said when they are not right.
 */
import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkHealth,
  createLog,
  GrpcChannel,
  silentLog,
  startGrpcServer,
  systemClock,
  Tls,
} from '../runtime/index.js';
import { type EchoBehaviour, echoContract, echoService } from '../runtime/testing/echo.js';
import { freePort } from '../tuplespace/testing/free-port.js';
import { makeCertificates } from './certificates.js';
import { createTestShell, eventually } from './testing/test-shell.js';

const { Say } = echoContract.methods;
const dayMs = 24 * 3_600_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'byz-tls-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function filesOf(name: string, within = folder) {
  const own = join(within, name, 'service.pem');
  return { caFile: join(within, name, 'ca.crt'), certificateFile: own, keyFile: own };
}

function make(options: { days?: number; nowMs?: number; within?: string } = {}) {
  const { days = 30, nowMs = systemClock.wallMs(), within = folder } = options;
  return makeCertificates({ folder: within, days, nowMs, isShared: false });
}

function tls(name: string, { within, rereadMs = 20 }: { within?: string; rereadMs?: number } = {}): Tls {
  return new Tls(filesOf(name, within), { clock: systemClock, log: silentLog, rereadMs });
}

function serve(server: Tls, behaviour: EchoBehaviour = {}) {
  const services = [echoService(behaviour)];
  return startGrpcServer({ address: '127.0.0.1:0', services, log: silentLog, tls: server });
}

/** What one call over a new connection comes to. */
async function call(address: string, options: { tls?: Tls; serverName?: string }): Promise<string> {
  const channel = new GrpcChannel(address, options);
  try {
    const { text } = await channel.unary(Say, { text: 'hello' }, { deadlineMs: 5_000 });
    return text;
  } catch (error) {
    return String(error);
  } finally {
    channel.close();
  }
}

test('whoever has a certificate of the CA is let in, and only for the name of the server', async () => {
  await make();
  const server = await serve(tls('tuplespace'), { say: async ({ text }) => ({ text }) });
  const { address } = server;
  const node = tls('general-node');
  expect(await call(address, { tls: node, serverName: 'tuplespace' })).toBe('hello');
  expect(await call(address, { tls: node, serverName: 'orchestrator' })).toMatch(/altnames|does not match/i);
  expect(await call(address, {})).toMatch(/unavailable|no connection|dropped/i);
  await server.stop();
});

test('a certificate of another CA is refused by both sides', async () => {
  const other = join(folder, 'other');
  await make();
  await make({ within: other });
  const server = await serve(tls('tuplespace'), { say: async ({ text }) => ({ text }) });
  const stranger = tls('client', { within: other });
  expect(await call(server.address, { tls: stranger, serverName: 'tuplespace' })).toMatch(/certificate/);
  await server.stop();
});

test('certificates are renewed while calls flow, and no call fails', async () => {
  await make();
  const lines: string[] = [];
  const log = createLog({
    service: 'test',
    level: 'info',
    target: { write: (line) => void lines.push(line) },
  });
  const own = new Tls(filesOf('tuplespace'), { clock: systemClock, log, rereadMs: 20 });
  const server = await serve(own, { say: async ({ text }) => ({ text }) });
  const client = tls('client');
  const standing = new GrpcChannel(server.address, { tls: client, serverName: 'tuplespace' });
  let isOver = false;
  const answers = new Map<string, number>();
  const count = (answer: string) => answers.set(answer, (answers.get(answer) ?? 0) + 1);
  const flow = [
    (async () => {
      while (!isOver) count((await standing.unary(Say, { text: 'hello' })).text);
    })(),
    (async () => {
      while (!isOver) count(await call(server.address, { tls: client, serverName: 'tuplespace' }));
    })(),
  ];
  const before = own.until;
  for (const days of [40, 50]) {
    await make({ days });
    await eventually(() => own.until.getTime() > before.getTime() + (days - 31) * dayMs);
  }
  isOver = true;
  await Promise.all(flow);
  standing.close();
  await server.stop();
  expect([...answers.keys()]).toEqual(['hello']);
  expect(answers.get('hello')).toBeGreaterThan(10);
  expect(lines.filter((line) => line.includes('tls.certificate_renewed'))).toHaveLength(2);
});

test('files that cannot be used any more leave the last good ones in force', async () => {
  await make();
  const lines: string[] = [];
  const log = createLog({
    service: 'test',
    level: 'error',
    target: { write: (line) => void lines.push(line) },
  });
  const own = new Tls(filesOf('tuplespace'), { clock: systemClock, log, rereadMs: 5 });
  const server = await serve(own, { say: async ({ text }) => ({ text }) });
  writeFileSync(filesOf('tuplespace').certificateFile, 'garbage');
  await eventually(() => lines.length > 0);
  expect(lines[0]).toContain('tls.files_unusable');
  expect(await call(server.address, { tls: tls('client'), serverName: 'tuplespace' })).toBe('hello');
  expect(lines).toHaveLength(1);
  await server.stop();
});

describe('what is wrong with the files is said before anything starts', () => {
  const problems: readonly [string, RegExp, () => Promise<unknown>][] = [
    ['missing', /tls\.ca_file: .* cannot be read \(ENOENT\)/, async () => rmSync(filesOf('client').caFile)],
    ['no PEM', /certificate_file: .* has no PEM/, async () => writeFileSync(filesOf('client').keyFile, 'x')],
    [
      'expired',
      /tls\.certificate_file: .* has expired/,
      () => make({ days: 1, nowMs: systemClock.wallMs() - 2 * dayMs }),
    ],
    [
      'of another CA',
      /is not from the CA/,
      async () => {
        await make({ within: join(folder, 'other') });
        cpSync(filesOf('client', join(folder, 'other')).caFile, filesOf('client').caFile, { force: true });
      },
    ],
  ];

  test.each(problems)('%s', async (_name, message, spoil) => {
    await make();
    await spoil();
    const { caFile, certificateFile, keyFile } = filesOf('client');
    const flagless = {
      BYZANTINE_TLS_CA_FILE: caFile,
      BYZANTINE_TLS_CERTIFICATE_FILE: certificateFile,
      BYZANTINE_TLS_KEY_FILE: keyFile,
    };
    const shell = createTestShell({ environment: flagless });
    const { exitCode, stderr } = await shell.run('round', 'list');
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(78);
  });

  test('some of the three set', async () => {
    const environment = { BYZANTINE_TLS_CA_FILE: 'ca.crt' };
    const { exitCode, stderr } = await createTestShell({ environment }).run('tuplespace');
    expect(stderr).toMatch(/tls\.ca_file.*tls\.certificate_file.*tls\.key_file/s);
    expect(exitCode).toBe(78);
  });
});

test('the whole system runs with mutual TLS, the CA kept and the keys private', async () => {
  expect((await createTestShell().run('certificates', 'make', folder)).stderr).toMatch(/of a new CA/);
  expect((await createTestShell().run('certificates', 'make', folder)).stderr).toMatch(
    /the CA that was there/,
  );
  expect(statSync(filesOf('tuplespace').keyFile).mode & 0o777).toBe(0o600);
  const shells = new Map<string, { shell: ReturnType<typeof createTestShell>; ended: Promise<unknown> }>();
  const environment = (name: string) => ({
    BYZANTINE_LOG_LEVEL: 'silent',
    BYZANTINE_TLS_CA_FILE: filesOf(name).caFile,
    BYZANTINE_TLS_CERTIFICATE_FILE: filesOf(name).certificateFile,
    BYZANTINE_TLS_KEY_FILE: filesOf(name).keyFile,
  });
  const start = async (name: string, ...args: string[]) => {
    const address = `127.0.0.1:${await freePort()}`;
    const shell = createTestShell({ environment: environment(name) });
    shells.set(name, { shell, ended: shell.run(name, '--address', address, ...args) });
    const ask = () => createTestShell({ environment: environment('client') }).run('health', address);
    await eventually(async () => (await ask()).exitCode === 0);
    return address;
  };
  const tuplespace = await start('tuplespace');
  await start('general-node', '--tuplespace', tuplespace);
  const orchestrator = await start('orchestrator', '--tuplespace', tuplespace, '--dashboard', 'off');
  const round = ['round', 'start', '--seed', '7', '--watch', '--orchestrator', orchestrator];
  const { exitCode, stdout } = await createTestShell({ environment: environment('client') }).run(...round);
  expect(stdout).toMatch(/^Agreement +holds/m);
  expect(exitCode).toBe(0);
  const doctor = ['doctor', '--orchestrator', orchestrator, '--tuplespace', tuplespace];
  const diagnosis = await createTestShell({ environment: environment('client') }).run(...doctor);
  expect(diagnosis.stdout).toMatch(/tls +the certificate is good for 36[45] days/);
  // In clear nobody gets in.
  expect((await createTestShell().run('round', 'list', '--orchestrator', orchestrator)).exitCode).toBe(69);
  await expect(checkHealth({ address: tuplespace })).rejects.toMatchObject({ code: 'unavailable' });
  for (const { shell, ended } of [...shells.values()].toReversed()) {
    shell.interrupt();
    await ended;
  }
});

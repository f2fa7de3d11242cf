/**
 * Stores as the settings ask for them, over servers that are started for it: what is refused, and what is done when a store is lost.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { checkHealth, createLog, resolveSettings, ServiceError, systemClock } from '../runtime/index.js';
import { TupleSpaceClient } from './client.js';
import { backendKeys, tupleSpaceKeys } from './config.js';
import { createStore } from './create-store.js';
import { type RunningTupleSpace, startTupleSpace } from './start.js';
import type { Store } from './store.js';
import { any, template } from './template.js';
import { startPostgresServer } from './testing/postgres-server.js';
import { startRedisServer } from './testing/redis-server.js';
import type { StoreServer } from './testing/server-process.js';

const password = 'sesame-of-the-tests';
const folder = mkdtempSync(join(tmpdir(), 'byzantine-secrets-'));
const rightFile = join(folder, 'right');
const wrongFile = join(folder, 'wrong');
writeFileSync(rightFile, `${password}\n`);
writeFileSync(wrongFile, 'another-word\n');

afterAll(() => rmSync(folder, { recursive: true }));

/** A store by BYZANTINE_* variables. */
function storeOf(environment: Readonly<Record<string, string>>): Store {
  const settings = resolveSettings([backendKeys, tupleSpaceKeys], { environment });
  const parts = { backend: settings.values(backendKeys), space: settings.values(tupleSpaceKeys) };
  return createStore(parts, { clock: systemClock, version: 'test', secret: '' });
}

/** With what the start of this store is refused. */
async function refusal(environment: Readonly<Record<string, string>>): Promise<ServiceError> {
  const error = await (async () => storeOf(environment).start())().catch((reason: unknown) => reason);
  if (!(error instanceof ServiceError)) throw new Error(`it was not refused: ${String(error)}`);
  return error;
}

/** Waits for something; fails when it did not happen in time. */
async function within(ms: number, isSo: () => Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + ms;
  while (!(await isSo())) {
    if (performance.now() > untilMs) throw new Error(`not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('the quotas of the settings hold in a space that has none of its own, and orchestrators have none', async () => {
  const store = storeOf({ BYZANTINE_TUPLESPACE_CALLER_TUPLES_MAX: '2' });
  await store.start();
  const enrol = async (kind: 'client' | 'orchestrator', id: string) =>
    store.session((await store.session('').enrol({ kind, id, secret: '' })).token);
  const client = await enrol('client', 'ann');
  const write = { space: 'default', tuples: [['a'], ['b']] };
  await client.write(write);
  await expect(client.write(write)).rejects.toMatchObject({
    code: 'resource_exhausted',
    details: { limit: 'callerTuplesMax', max: '2' },
  });
  const orchestrator = await enrol('orchestrator', 'orchestrator');
  await orchestrator.write(write);
  await orchestrator.write(write);
  await store.stop();
});

const kinds = [
  {
    backend: 'redis',
    start: () => startRedisServer({ password }),
    startWeak: () => startRedisServer({ appendfsync: 'everysec' }),
    weakSetting: 'appendfsync',
  },
  {
    backend: 'postgres',
    start: () => startPostgresServer({ password }),
    startWeak: () => startPostgresServer({ settings: { full_page_writes: 'off' } }),
    weakSetting: 'full_page_writes',
  },
] as const;

describe.each(kinds)('a store on $backend', ({ backend, start, startWeak, weakSetting }) => {
  let server: StoreServer;
  beforeAll(async () => {
    server = await start();
  }, 60_000);
  afterAll(() => server.stop());

  const variable = (name: string) => `BYZANTINE_${backend.toUpperCase()}_${name}`;
  const environment = (more: Readonly<Record<string, string>> = {}) => ({
    BYZANTINE_TUPLESPACE_BACKEND: backend,
    [variable('URL')]: server.url,
    [variable('PASSWORD_FILE')]: rightFile,
    ...more,
  });

  test('starts with the password in a file, and says what it keeps', async () => {
    const store = storeOf(environment());
    await store.start();
    expect(store.facts()).toMatchObject({ backend, durability: 'power-loss' });
    expect(store.facts().findings).toContainEqual(
      expect.objectContaining({ setting: weakSetting, isMet: true }),
    );
    await store.stop();
  });

  test.each([
    ['another password', () => ({ [variable('PASSWORD_FILE')]: wrongFile })],
    ['no password', () => ({ [variable('PASSWORD_FILE')]: '' })],
  ])('is refused with %s: the setting is named, the password is not', async (_claim, more) => {
    const { code, message, details } = await refusal(environment(more()));
    expect(code).toBe('unauthenticated');
    expect(message).toContain(`byzantine.${backend}_password_file`);
    expect(details).toMatchObject({ settings: 'sources' });
    expect(message + JSON.stringify(details)).not.toMatch(/sesame|another-word/);
  });

  test('is refused where nobody answers: the setting and the place are named', async () => {
    const url = `${backend}://127.0.0.1:1/${backend === 'redis' ? '0' : 'postgres'}`;
    const { code, message } = await refusal(environment({ [variable('URL')]: url }));
    expect(code).toBe('unavailable');
    expect(message).toContain(`byzantine.${backend}_url`);
    expect(message).toContain('127.0.0.1:1');
  });

  test('is refused without its password file, before anything is connected', async () => {
    const { code, message } = await refusal(
      environment({ [variable('PASSWORD_FILE')]: join(folder, 'none') }),
    );
    expect(code).toBe('invalid_argument');
    expect(message).toContain(`byzantine.${backend}_password_file`);
  });

  test('is refused when it is weaker than declared, and taken when less is declared', async () => {
    const weak = await startWeak();
    const weaker = environment({ [variable('URL')]: weak.url, [variable('PASSWORD_FILE')]: '' });
    try {
      const { code, message } = await refusal(weaker);
      expect(code).toBe('failed_precondition');
      expect(message).toContain(weakSetting);
      const store = storeOf({ ...weaker, BYZANTINE_TUPLESPACE_DURABILITY: 'store-process' });
      await store.start();
      expect(store.facts().durability).toBe('store-process');
      await store.stop();
    } finally {
      await weak.stop();
    }
  }, 60_000);

  test('logs of different names share nothing', async () => {
    const stores = ['one', 'two'].map((name) =>
      storeOf(environment({ BYZANTINE_TUPLESPACE_LOG_NAME: name })),
    );
    for (const store of stores) await store.start();
    const [one, two] = stores.map((store) => store.session(''));
    await one?.write({ space: 'default', tuples: [['here', 1n]] });
    const asked = { space: 'default', templates: [template('here', any)] };
    expect((await one?.read(asked))?.tuples).toHaveLength(1);
    expect((await two?.read(asked))?.tuples).toHaveLength(0);
    for (const store of stores) await store.stop();
  });

  describe('that is lost while the service runs', () => {
    let service: RunningTupleSpace;
    let client: TupleSpaceClient;
    const lines: string[] = [];
    beforeAll(async () => {
      const log = createLog({
        service: 'test',
        level: 'info',
        target: { write: (line) => lines.push(line) },
      });
      service = await startTupleSpace({ address: '127.0.0.1:0', store: storeOf(environment()), log });
      client = new TupleSpaceClient({
        service: service.address,
        clock: systemClock,
        retry: { attemptsMax: 1 },
      });
    });
    afterAll(async () => {
      await client.close();
      await service.stop();
    });

    const serves = () =>
      checkHealth({ address: service.address, service: 'byzantine.v1.TupleSpace' }).then(
        () => true,
        () => false,
      );
    const asked = { space: 'default', templates: [template('kept', any)] };

    test.each([
      ['is killed', () => server.kill(), () => server.restart()],
      ['hangs', async () => server.pause(), async () => server.resume()],
    ])(
      'when it %s: not serving within 2 s, unavailable, and back by itself with all it had',
      async (_claim, lose, heal) => {
        expect(await serves()).toBe(true);
        const { tuples } = await client.read(asked);
        await client.write({ space: 'default', tuples: [['kept', BigInt(tuples.length)]] });
        await lose();
        await within(2_000, async () => !(await serves()));
        await expect(client.read(asked)).rejects.toMatchObject({ code: 'unavailable' });
        await heal();
        await within(10_000, serves);
        expect((await client.read(asked)).tuples).toHaveLength(tuples.length + 1);
      },
      30_000,
    );

    test('the log tells that it was lost and that it is back, without the password', () => {
      const text = lines.join('');
      expect(text).toContain('tuplespace.store_lost');
      expect(text).toContain('tuplespace.store_back');
      expect(text).not.toContain(password);
    });
  });
});

test('a user of Redis who may do no more than docs/operations.md says is enough', async () => {
  const rights = readFileSync('docs/operations.md', 'utf8').match(/need `([^`]+)`/)?.[1] ?? '';
  const scope = ['~{byzantine}:*', '&{byzantine}:grown'];
  const server = await startRedisServer();
  const admin = new Redis(server.url);
  try {
    await admin.call('ACL', 'SETUSER', 'byz', 'on', `>${password}`, ...scope, ...rights.split(' '));
    const store = storeOf({
      BYZANTINE_TUPLESPACE_BACKEND: 'redis',
      BYZANTINE_REDIS_URL: server.url.replace('redis://', 'redis://byz@'),
      BYZANTINE_REDIS_PASSWORD_FILE: rightFile,
    });
    await store.start();
    await store.session('').write({ space: 'default', tuples: [['here', 1n]] });
    await store.stop();
  } finally {
    admin.disconnect();
    await server.stop();
  }
});

test('memory starts without anything', async () => {
  const store = storeOf({});
  await store.start();
  expect(store.facts()).toEqual({ backend: 'memory', durability: 'process', findings: [] });
  await store.stop();
});

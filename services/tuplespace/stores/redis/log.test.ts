import { systemClock } from '../../../runtime/index.js';
import { startRedisServer } from '../../testing/redis-server.js';
import type { StoreServer } from '../../testing/server-process.js';
import { logConformance } from '../replica/log.suite.js';
import { disconnect } from './disconnect.js';
import { RedisLog, type RedisLogOptions } from './log.js';

const silent = { onGrowth: () => {}, onLost: () => {} };
const servers: StoreServer[] = [];

async function start(...options: Parameters<typeof startRedisServer>): Promise<StoreServer> {
  const server = await startRedisServer(...options);
  servers.push(server);
  return server;
}

function logOf(server: StoreServer, options: Partial<RedisLogOptions> = {}): RedisLog {
  return new RedisLog({ url: server.url, durability: 'power-loss', clock: systemClock, ...options });
}

let shared: StoreServer;
let prefixes = 0;

beforeAll(async () => {
  shared = await start();
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));

logConformance('redis', async () => {
  prefixes += 1;
  return { opener: logOf(shared, { prefix: `log-${prefixes}` }), server: shared };
});

describe('a redis that is not what was declared', () => {
  it('is refused where a crash of its machine would lose what was acknowledged', async () => {
    const server = await start({ appendfsync: 'everysec' });
    await expect(logOf(server).open(silent)).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringContaining('appendfsync is everysec, needed is always'),
    });
    const log = await logOf(server, { durability: 'store-process' }).open(silent);
    expect(log.facts.durability).toBe('store-process');
    await log.close();
  });

  it.each([
    ['appendonly', 'no', 'appendonly is no, needed is yes'],
    ['maxmemory-policy', 'allkeys-lru', 'maxmemory-policy is allkeys-lru, needed is noeviction'],
  ])('is refused where %s is %s', async (name, value, problem) => {
    const server = await start({ settings: { [name]: value } });
    await expect(logOf(server).open(silent)).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringContaining(problem),
    });
  });

  it('is refused where its log was made by a later version', async () => {
    const server = await start();
    const { Redis } = await import('ioredis');
    const redis = new Redis(server.url);
    await redis.hset('{byzantine}:head', 'schema', 99);
    redis.disconnect();
    await expect(logOf(server).open(silent)).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringContaining('version 99'),
    });
  });
});

test('a hint of growth is sent where another replica listens, and not to the one that appends', async () => {
  const server = await start();
  const { Redis } = await import('ioredis');
  const redis = new Redis(server.url);
  const hintCount = async () =>
    Number(/cmdstat_publish:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
  const log = await logOf(server).open(silent);
  await log.append(0, Buffer.from('alone'));
  expect(await hintCount()).toBe(0);
  const other = await logOf(server).open(silent);
  await log.append(1, Buffer.from('of two'));
  expect(await hintCount()).toBe(1);
  redis.disconnect();
  await log.close();
  await other.close();
});

describe('a redis that refuses', () => {
  it('has its password asked for, and never told', async () => {
    const server = await start({ password: 'the right one' });
    const log = await logOf(server, { password: 'the right one' }).open(silent);
    await log.close();
    for (const password of [undefined, 'a wrong one']) {
      const error = await logOf(server, { password }).open(silent).then(String, String);
      expect(error).toContain('refuses the password, or needs one');
      expect(error).not.toContain('wrong one');
    }
  });

  it('says so when it is full, and loses nothing', async () => {
    const server = await start({ settings: { maxmemory: '3mb' } });
    const log = await logOf(server).open(silent);
    let acknowledged = 0;
    const filling = (async () => {
      for (;;) {
        await log.append(acknowledged, Buffer.alloc(64 * 1024));
        acknowledged += 1;
      }
    })();
    await expect(filling).rejects.toMatchObject({
      code: 'resource_exhausted',
      message: expect.stringContaining('maxmemory'),
    });
    expect((await log.pull(0)).headPosition).toBe(acknowledged);
    await log.close();
  });

  it('is named where nobody listens', async () => {
    const opener = new RedisLog({ url: 'redis://127.0.0.1:1', durability: 'power-loss', clock: systemClock });
    await expect(opener.open(silent)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('127.0.0.1:1'),
    });
  });

  it('keeps no process alive once its connection broke and is closed', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const { Redis } = await import('ioredis');
    const redis = new Redis('redis://127.0.0.1:1', { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => {});
    await expect(redis.connect()).rejects.toThrow();
    const before = timers();
    disconnect(redis);
    expect(timers()).toBe(before);
  });
});

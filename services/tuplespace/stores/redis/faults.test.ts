/**
 * What fails while replicas stand over a Redis.
 */
import { Redis } from 'ioredis';
import { systemClock } from '../../../runtime/index.js';
import { startRedisServer } from '../../testing/redis-server.js';
import type { StoreServer } from '../../testing/server-process.js';
import { storeFaults } from '../replica/faults.suite.js';
import { ReplicatedStore } from '../replica/index.js';
import { keysOf } from './keys.js';
import { RedisLog } from './log.js';

const servers: StoreServer[] = [];
let shared: StoreServer;
let logs = 0;

beforeAll(async () => {
  shared = await startRedisServer();
  servers.push(shared);
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));

storeFaults('redis', async () => {
  logs += 1;
  const prefix = `faults-${logs}`;
  return {
    server: shared,
    openerAt: (port) =>
      new RedisLog({
        url: `redis://127.0.0.1:${port}`,
        prefix,
        durability: 'power-loss',
        clock: systemClock,
      }),
    loseTail: async (count) => {
      const redis = new Redis(shared.url);
      const keys = keysOf(prefix);
      const newest = await redis.xrevrange(keys.entries, '+', '-', 'COUNT', count);
      const position = Number(await redis.hget(keys.head, 'position')) - newest.length;
      await redis
        .multi()
        .xdel(keys.entries, ...newest.map(([id]) => id))
        .call('XSETID', keys.entries, `${position}-0`)
        .hset(keys.head, 'position', position)
        .exec();
      redis.disconnect();
    },
  };
});

test('a full redis refuses what needs room, by the name of its limit, and answers the rest', async () => {
  const server = await startRedisServer({ settings: { maxmemory: '4mb' } });
  servers.push(server);
  const opener = new RedisLog({ url: server.url, durability: 'power-loss', clock: systemClock });
  const store = new ReplicatedStore({ clock: systemClock, opener, version: '0.0.0' });
  await store.start();
  const session = store.session('');
  const space = 'default';
  let count = 0;
  const filling = (async () => {
    for (; ; count++) await session.write({ space, tuples: [['big', new Uint8Array(60_000)]] });
  })();
  await expect(filling).rejects.toMatchObject({
    code: 'resource_exhausted',
    details: { limit: 'maxmemory' },
  });
  const big = [{ kind: 'exact' as const, value: 'big' }, { kind: 'any' as const }];
  expect(await session.read({ space, templates: [big], countOnly: true })).toMatchObject({ count });
  await store.stop();
});

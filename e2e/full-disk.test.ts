/**
 * A store whose disk is full: writes are refused with the reason, nothing that was acknowledged is lost, and with room it goes on by itself.
 * Where no small disk can be mounted it says SKIPPED and why.
 */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { type ServiceError, systemClock, waitUntilServing } from '../services/runtime/index.js';
import { anyOf, exact, TupleSpaceClient } from '../services/tuplespace/index.js';
import { freePort } from '../services/tuplespace/testing/free-port.js';
import { startPostgresServer } from '../services/tuplespace/testing/postgres-server.js';
import { startRedisServer } from '../services/tuplespace/testing/redis-server.js';
import type { StoreServer } from '../services/tuplespace/testing/server-process.js';
import { endAll, startService } from './drivers/processes.js';
import { SmallDisk } from './drivers/small-disk.js';

/** What is tried where it says SKIPPED. */
const whyNot = reasonNotToMount();
const space = 'default';

/** What is full, and what a write is refused with for it; no two writes' bytes are alike, so that none of them is compressed away. */
const stores = [
  {
    // With `appendfsync always` Redis ends when it cannot write, so that it acknowledges nothing that is not on the disk.
    name: 'redis, appendfsync always',
    backend: 'redis',
    durability: 'power-loss',
    start: (root: string) => startRedisServer({ root }),
    refused: 'unavailable',
  },
  {
    name: 'redis, appendfsync everysec',
    backend: 'redis',
    durability: 'store-process',
    start: (root: string) => startRedisServer({ root, appendfsync: 'everysec' }),
    refused: 'resource_exhausted',
  },
  {
    name: 'postgres',
    backend: 'postgres',
    durability: 'power-loss',
    start: (root: string) => startPostgresServer({ root, settings: { max_wal_size: '64MB' } }),
    refused: 'resource_exhausted',
  },
] as const;

if (whyNot === undefined) {
  describe.each(stores)('the disk of $name is full', ({ backend, durability, start, refused }) => {
    let disk: SmallDisk;
    let server: StoreServer;
    let client: TupleSpaceClient;

    beforeAll(async () => {
      disk = SmallDisk.mount(150);
      server = await start(disk.directory);
      const address = `127.0.0.1:${await freePort()}`;
      startService('space', ['tuplespace', '--address', address], {
        address,
        BYZANTINE_TUPLESPACE_BACKEND: backend,
        BYZANTINE_TUPLESPACE_DURABILITY: durability,
        [`BYZANTINE_${backend.toUpperCase()}_URL`]: server.url,
      });
      await waitUntilServing({ address }, { clock: systemClock, signal: AbortSignal.timeout(30_000) });
      client = new TupleSpaceClient({ service: address, answerMs: 3_000 });
    }, 60_000);

    afterAll(async () => {
      await client?.close();
      await endAll();
      await server?.stop();
      disk?.unmount();
    });

    test('writes are refused with the reason, nothing acknowledged is lost, and it is back when there is room', async () => {
      const acknowledged: bigint[] = [];
      let number = 0n;
      const write = async () => {
        number += 1n;
        const mine = number;
        await client.write({ space, tuples: [['job', mine, randomBytes(60_000)]] });
        acknowledged.push(mine);
      };
      await write();
      disk.fillUpTo(4);
      const codes: string[] = [];
      while (codes.length < 3) {
        // A write that still finds room, where a longer one did not, begins the count anew.
        await write().then(
          () => codes.splice(0),
          (error: ServiceError) => codes.push(error.code),
        );
      }
      expect(codes).toEqual([refused, refused, refused]);
      if (refused === 'resource_exhausted') {
        await expect(write()).rejects.toMatchObject({ details: { limit: 'disk' } });
        // Reads go on, and show nothing that was refused.
        expect(new Set(await jobsOf(client))).toEqual(new Set(acknowledged));
      }
      disk.makeRoom();
      // Whoever runs the store starts it again where it ended; the tuple space is left alone.
      if (!(await isListening(server.port))) await server.restart();
      await eventuallyWritten(write);
      const jobs = await jobsOf(client);
      expect(new Set(jobs).size).toBe(jobs.length);
      expect(jobs).toEqual(expect.arrayContaining(acknowledged));
    }, 90_000);
  });
} else {
  test.skip(`full disks: SKIPPED, ${whyNot}`, () => {});
}

async function jobsOf(client: TupleSpaceClient): Promise<unknown[]> {
  const jobs: unknown[] = [];
  for (let afterId: bigint | undefined = 0n; afterId !== undefined; ) {
    const templates = [[exact('job'), anyOf('int64'), anyOf('bytes')]];
    const page = await client.read({ space, templates, afterId, limit: 20 });
    jobs.push(...page.tuples.map(({ values }) => values[1]));
    afterId = page.nextAfterId;
  }
  return jobs;
}

async function eventuallyWritten(write: () => Promise<void>): Promise<void> {
  const endMs = performance.now() + 20_000;
  for (;;) {
    try {
      await write();
      return;
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function reasonNotToMount(): string | undefined {
  try {
    SmallDisk.mount(1).unmount();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

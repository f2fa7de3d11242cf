import pg from 'pg';
import { systemClock } from '../../../runtime/index.js';
import { startPostgresServer } from '../../testing/postgres-server.js';
import type { StoreServer } from '../../testing/server-process.js';
import type { OpenLog } from '../replica/index.js';
import { logConformance } from '../replica/log.suite.js';
import { PostgresLog, type PostgresLogOptions } from './log.js';

const silent = { onGrowth: () => {}, onLost: () => {} };
const servers: StoreServer[] = [];

async function start(...options: Parameters<typeof startPostgresServer>): Promise<StoreServer> {
  const server = await startPostgresServer(...options);
  servers.push(server);
  return server;
}

function logOf(server: StoreServer, options: Partial<PostgresLogOptions> = {}): PostgresLog {
  return new PostgresLog({ url: server.url, durability: 'power-loss', clock: systemClock, ...options });
}

let shared: StoreServer;
let schemas = 0;

beforeAll(async () => {
  shared = await start();
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));

logConformance('postgres', async () => {
  schemas += 1;
  return { opener: logOf(shared, { schema: `log_${schemas}` }), server: shared };
});

describe('a postgres that is not what was declared', () => {
  it.each(['fsync', 'full_page_writes'])('is refused where %s is off', async (name) => {
    const server = await start({ settings: { [name]: 'off' } });
    await expect(logOf(server).open(silent)).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringContaining(`${name} is off, needed is on`),
    });
    const log = await logOf(server, { durability: 'store-process' }).open(silent);
    expect(log.facts.durability).toBe('store-process');
    await log.close();
  });

  it('commits to the disk whatever its default is', async () => {
    const server = await start({ settings: { synchronous_commit: 'off' } });
    const log = await logOf(server).open(silent);
    expect(log.facts.findings).toContainEqual(
      expect.objectContaining({ setting: 'synchronous_commit', found: 'on', isMet: true }),
    );
    await log.close();
  });

  it('is refused where its tables were made by a later version', async () => {
    const log = await logOf(shared, { schema: 'later' }).open(silent);
    await log.close();
    const client = new pg.Client(shared.url);
    await client.connect();
    await client.query('INSERT INTO later.migration (version) VALUES (99)');
    await client.end();
    await expect(logOf(shared, { schema: 'later' }).open(silent)).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringContaining('version 99'),
    });
  });
});

describe('a postgres that several services start on', () => {
  it('is set up once, by whichever comes first', async () => {
    const logs = await Promise.all(
      Array.from({ length: 4 }, () => logOf(shared, { schema: 'together' }).open(silent)),
    );
    const positions = await Promise.all(logs.map((log) => log.append(0, Buffer.from('x'))));
    expect(new Set(positions.map(({ position }) => position))).toEqual(new Set([1, 2, 3, 4]));
    await Promise.all(logs.map((log) => log.close()));
  });
});

describe('a postgres on which others keep a transaction open', () => {
  /** Mean ms of an append with the pull that follows on it. */
  async function paceOf(log: OpenLog): Promise<number> {
    let { headPosition } = await log.pull((await log.append(0, Buffer.from('x'))).position);
    const count = 200;
    const startMs = systemClock.monotonicMs();
    for (let i = 0; i < count; i++) {
      await log.append(headPosition, Buffer.from('x'));
      headPosition = (await log.pull(headPosition)).headPosition;
    }
    return (systemClock.monotonicMs() - startMs) / count;
  }

  it('appends and pulls at the pace of one that has never forgotten anything', async () => {
    const [idle, busy] = [
      await logOf(shared, { schema: 'idle' }).open(silent),
      await logOf(shared, { schema: 'held_up' }).open(silent),
    ];
    const other = new pg.Client(shared.url);
    await other.connect();
    await other.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await other.query('SELECT count(*) FROM held_up.log');
    const filler = new pg.Client(shared.url);
    await filler.connect();
    // As many rows as it takes for a walk over them to cost many times an append; all of them are deleted, and none can be cleared away.
    await filler.query("INSERT INTO held_up.log SELECT i, 0, 'x' FROM generate_series(1, 100000) AS i");
    const parts = (async function* none() {})();
    expect(await busy.writeSnapshot({ position: 99_990, parts }, 10)).toBe(true);
    await filler.query('VACUUM held_up.log');
    const dead = await filler.query<{ n: string }>(
      "SELECT n_dead_tup AS n FROM pg_stat_all_tables WHERE schemaname = 'held_up' AND relname = 'log'",
    );
    expect(Number(dead.rows[0]?.n)).toBeGreaterThan(90_000);
    // In turns, so that the machine's other work slows both alike.
    const pace = { idleMs: 0, busyMs: 0 };
    for (let turn = 0; turn < 3; turn++) {
      pace.idleMs += (await paceOf(idle)) / 3;
      pace.busyMs += (await paceOf(busy)) / 3;
    }
    process.stdout.write(
      `an append and a pull: ${pace.idleMs.toFixed(2)} ms, beside it ${pace.busyMs.toFixed(2)} ms\n`,
    );
    // A walk over the dead rows takes some 10 ms.
    expect(pace.busyMs).toBeLessThan(2 * pace.idleMs + 2);
    await Promise.all([other.end(), filler.end(), idle.close(), busy.close()]);
  });
});

describe('a postgres that refuses', () => {
  it('has its password asked for, and never told', async () => {
    const server = await start({ password: 'the right/one%20' });
    const log = await logOf(server, { password: 'the right/one%20' }).open(silent);
    await log.close();
    for (const password of [undefined, 'a wrong one']) {
      const error = await logOf(server, { password }).open(silent).then(String, String);
      expect(error).toContain('refuses the user or the password');
      expect(error).not.toContain('wrong one');
    }
  });

  it('is told from one that lacks the database', async () => {
    const url = shared.url.replace(/\/postgres$/, '/nowhere');
    const opener = new PostgresLog({ url, durability: 'power-loss', clock: systemClock });
    await expect(opener.open(silent)).rejects.toMatchObject({ code: 'failed_precondition' });
  });

  it('is named where nobody listens', async () => {
    const url = 'postgres://someone@127.0.0.1:1/base';
    const opener = new PostgresLog({ url, durability: 'power-loss', clock: systemClock });
    await expect(opener.open(silent)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('127.0.0.1:1/base'),
    });
  });
});

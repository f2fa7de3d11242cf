/**
 * What fails while replicas stand over a Postgres.
 */
import pg from 'pg';
import { systemClock } from '../../../runtime/index.js';
import { startPostgresServer } from '../../testing/postgres-server.js';
import type { StoreServer } from '../../testing/server-process.js';
import { storeFaults } from '../replica/faults.suite.js';
import { PostgresLog } from './log.js';

let shared: StoreServer;
let logs = 0;

beforeAll(async () => {
  shared = await startPostgresServer();
});
afterAll(() => shared.stop());

storeFaults('postgres', async () => {
  logs += 1;
  const schema = `faults_${logs}`;
  return {
    server: shared,
    openerAt: (port) =>
      new PostgresLog({
        url: `postgres://postgres@127.0.0.1:${port}/postgres`,
        schema,
        durability: 'power-loss',
        clock: systemClock,
      }),
    loseTail: async (count) => {
      const client = new pg.Client(shared.url);
      await client.connect();
      await client.query(
        `DELETE FROM ${schema}.log WHERE position > (SELECT max(position) - $1 FROM ${schema}.log)`,
        [count],
      );
      await client.end();
    },
  };
});

/**
 * The store on Postgres keeps every promise, with one replica of the service and with three.
 */
import { systemClock } from '../../../runtime/index.js';
import { plainConformance, tupleSpaceConformance } from '../../conformance.suite.js';
import { startPostgresServer } from '../../testing/postgres-server.js';
import { openReplicas } from '../../testing/replicas.js';
import type { StoreServer } from '../../testing/server-process.js';
import { PostgresLog } from './log.js';

const servers: StoreServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.stop())));

async function open(count: number) {
  const server = await startPostgresServer();
  servers.push(server);
  const opener = new PostgresLog({ url: server.url, durability: 'power-loss', clock: systemClock });
  return openReplicas(opener, count);
}

tupleSpaceConformance('postgres', () => open(1));
plainConformance('each of three replicas on postgres', () => open(3));

/**
 * The store on Redis keeps every promise, with one replica of the service and with three.
 */
import { systemClock } from '../../../runtime/index.js';
import { plainConformance, tupleSpaceConformance } from '../../conformance.suite.js';
import { startRedisServer } from '../../testing/redis-server.js';
import { openReplicas } from '../../testing/replicas.js';
import type { StoreServer } from '../../testing/server-process.js';
import { RedisLog } from './log.js';

const servers: StoreServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.stop())));

async function open(count: number) {
  const server = await startRedisServer();
  servers.push(server);
  const opener = new RedisLog({ url: server.url, durability: 'power-loss', clock: systemClock });
  return openReplicas(opener, count);
}

tupleSpaceConformance('redis', () => open(1));
plainConformance('each of three replicas on redis', () => open(3));

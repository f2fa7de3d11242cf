/**
 * The client over three replicas of the service over Redis keeps every promise that the store keeps.
 */
import { systemClock } from '../../../runtime/index.js';
import { plainConformance } from '../../conformance.suite.js';
import { openClientReplicas } from '../../testing/client-replicas.js';
import { startRedisServer } from '../../testing/redis-server.js';
import { RedisLog } from './log.js';

const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

async function open() {
  const server = await startRedisServer();
  ends.push(() => server.stop());
  const opener = new RedisLog({ url: server.url, durability: 'power-loss', clock: systemClock });
  const subject = await openClientReplicas(opener);
  ends.push(() => subject.release());
  return subject;
}

plainConformance('the client over three replicas on redis', open);

/**
 * The client over three replicas of the service over Postgres keeps every promise that the store keeps.
 */
import { systemClock } from '../../../runtime/index.js';
import { plainConformance } from '../../conformance.suite.js';
import { openClientReplicas } from '../../testing/client-replicas.js';
import { startPostgresServer } from '../../testing/postgres-server.js';
import { PostgresLog } from './log.js';

const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

async function open() {
  const server = await startPostgresServer();
  ends.push(() => server.stop());
  const opener = new PostgresLog({ url: server.url, durability: 'power-loss', clock: systemClock });
  const subject = await openClientReplicas(opener);
  ends.push(() => subject.release());
  return subject;
}

plainConformance('the client over three replicas on postgres', open);

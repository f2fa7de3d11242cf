/**
 * One backend: replicas of the service, a round that runs meanwhile, and a hostile general that tries every act on each replica.
 */
import { silentLog, systemClock } from '../../../services/runtime/index.js';
import type { Store, TupleSpace } from '../../../services/tuplespace/index.js';
import { MemoryStore, startTupleSpace } from '../../../services/tuplespace/index.js';
import { PostgresLog } from '../../../services/tuplespace/stores/postgres/index.js';
import { RedisLog } from '../../../services/tuplespace/stores/redis/index.js';
import { ReplicatedStore } from '../../../services/tuplespace/stores/replica/index.js';
import { startPostgresServer } from '../../../services/tuplespace/testing/postgres-server.js';
import { startRedisServer } from '../../../services/tuplespace/testing/redis-server.js';
import { type Act, actsOf } from './acts.js';
import { RawClient } from './raw-client.js';
import { openStage, type Stage } from './stage.js';
import { type Begun, startSystem } from './system.js';

export const backends = ['memory', 'redis', 'postgres'] as const;
export type Backend = (typeof backends)[number];

export interface HostileResult {
  readonly backend: Backend;
  readonly replicaCount: number;
  /** On all replicas together. */
  readonly actCount: number;
  readonly auditedCount: number;
  /** What was not as it must be, in words. */
  readonly problems: readonly string[];
  /** Agreement, validity and termination of the rounds that ran meanwhile. */
  readonly verdict: string;
}

const secret = 'the bootstrap secret';

export async function runHostile(backend: Backend, replicaCount: number): Promise<HostileResult> {
  const { stores, stop } = await openStores(backend, replicaCount);
  const services = await Promise.all(
    stores.map((store) => startTupleSpace({ address: '127.0.0.1:0', store, log: silentLog })),
  );
  const system = await startSystem(stores[0] as Store, secret);
  try {
    const problems: string[] = [];
    const verdicts: string[] = [];
    let acts: readonly Act[] = [];
    for (const [i, { address }] of services.entries()) {
      const connect = (token: string) => (stores[i] as Store).session(token);
      const stage = await openStage(system.space, connect, `hostile-${i}`);
      const client = new RawClient(address);
      const round = await system.begin();
      acts = [...actsInRound(stage, round), ...actsOf(stage)];
      for (const act of acts) {
        const found = await tryAct(act, { client, stage, space: system.space });
        problems.push(...found.map((problem) => `${backend}, replica ${i}, ${act.name}: ${problem}`));
      }
      client.close();
      const verdict = await system.verdict(round.number);
      if (verdict !== 'holds holds holds')
        problems.push(`${backend}, replica ${i}: the round meanwhile: ${verdict}`);
      verdicts.push(verdict);
    }
    return {
      backend,
      replicaCount: stores.length,
      actCount: acts.length * stores.length,
      auditedCount: acts.filter(({ rule }) => rule !== undefined).length * stores.length,
      problems,
      verdict: verdicts.join(', '),
    };
  } finally {
    await system.stop();
    await Promise.all(services.map((service) => service.stop()));
    await stop();
  }
}

/** The same general in the round that runs, with the token that its node holds. */
function actsInRound(stage: Stage, { space, token }: Begun): readonly Act[] {
  return actsOf({ ...stage, space })
    .filter(({ name }) => inRunningRound.has(name))
    .map((act) => ({ ...act, name: `${act.name}, in the running round`, token, auditedIn: space }));
}

const inRunningRound = new Set([
  'vote in another name',
  'order as the commander',
  'close of a phase',
  'verdict',
  'read of others’ mail',
  'watch of everything',
  'take of another’s vote',
  'drop of the round',
]);

async function tryAct(
  act: Act,
  { client, stage, space }: { client: RawClient; stage: Stage; space: TupleSpace },
): Promise<readonly string[]> {
  const { method, request, token = stage.token, code, rule, auditedIn = stage.space } = act;
  const before = await stage.picture();
  const refusedBefore = await refusalCount(space, auditedIn, rule);
  const answer = await client.call(method, request, token);
  const after = await stage.picture();
  const isRecorded = (await refusalCount(space, auditedIn, rule)) === refusedBefore + 1;
  return [
    ...(answer.code === code ? [] : [`answered ${answer.code} (${answer.message}), ${code} expected`]),
    ...(before === after ? [] : ['something has changed']),
    ...(rule === undefined || isRecorded ? [] : [`is not in the audit of ${auditedIn} under "${rule}"`]),
  ];
}

async function refusalCount(space: TupleSpace, name: string, wanted: string | undefined): Promise<number> {
  const { refusals } = await space.readAudit({ space: name, limit: 1 });
  return refusals.filter(({ rule }) => rule === wanted).reduce((sum, { count }) => sum + count, 0);
}

async function openStores(
  backend: Backend,
  count: number,
): Promise<{ stores: readonly Store[]; stop: () => Promise<void> }> {
  const options = { clock: systemClock, version: 'check', enrolmentSecret: secret };
  if (backend === 'memory') return { stores: [new MemoryStore(options)], stop: async () => {} };
  const server = await (backend === 'redis' ? startRedisServer() : startPostgresServer());
  const place = { url: server.url, durability: 'power-loss', clock: systemClock } as const;
  const opener = backend === 'redis' ? new RedisLog(place) : new PostgresLog(place);
  const stores: Store[] = Array.from({ length: count }, () => new ReplicatedStore({ ...options, opener }));
  return { stores, stop: () => server.stop() };
}

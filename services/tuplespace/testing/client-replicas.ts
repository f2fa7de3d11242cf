/**
 * Clients over three replicas of the service, as one subject of the conformance suite; time passes by itself.
 */
import { systemClock } from '../../runtime/index.js';
import { TupleSpaceClient } from '../client.js';
import type { ConformanceSubject } from '../conformance.suite.js';
import type { TupleSpace } from '../space.js';
import type { LogOpener } from '../stores/replica/index.js';
import { ReplicatedService } from './replicated-service.js';
import { spread } from './spread.js';

/** `release` closes what was opened. */
export async function openClientReplicas(
  opener: LogOpener,
): Promise<ConformanceSubject & { release(): Promise<void> }> {
  const enrolmentSecret = 'a secret of the tests';
  const progressMs = 200;
  const options = { enrolmentSecret, progressMs, snapshotEvery: 500 };
  const service = await ReplicatedService.start(opener, 3, options);
  const clients: TupleSpaceClient[] = [];
  const spaces = new Map<string, TupleSpace>();
  const nowMs = async () => (await service.replicas[0]?.store.session('').getInfo())?.storeTimeMs ?? 0;
  /** A client for each replica, so that the suite may count waiters where they are. */
  const connect = (token: string): TupleSpace => {
    const retry = { attemptsMax: 1 };
    const own = service.replicas.map(
      ({ proxy }) => new TupleSpaceClient({ service: proxy.address, token, retry }),
    );
    clients.push(...own);
    const [first, ...others] = own;
    if (first === undefined) throw new Error('there are no replicas');
    return spread([first, ...others]);
  };
  return {
    as(token) {
      const space = spaces.get(token) ?? connect(token);
      spaces.set(token, space);
      return space;
    },
    enrolmentSecret,
    unitMs: 500,
    progressMs,
    async elapse(ms) {
      const untilMs = (await nowMs()) + ms;
      while ((await nowMs()) <= untilMs) await pass();
    },
    // The clients stay: what they make of a service that has stopped is part of the suite.
    stop: async () => {
      await Promise.all(service.replicas.map((replica) => replica.service.stop()));
    },
    async release() {
      await Promise.all(clients.map((client) => client.close()));
      await service.stop();
    },
  };
}

function pass(): Promise<void> {
  return new Promise((resolve) => void systemClock.after(5, resolve));
}

/**
 * Several replicas of a store over one log, as one subject of the conformance suite; time passes by itself.
 */
import { systemClock } from '../../runtime/index.js';
import type { ConformanceSubject } from '../conformance.suite.js';
import { type LogOpener, ReplicatedStore } from '../stores/replica/index.js';
import { spread } from './spread.js';

export async function openReplicas(opener: LogOpener, count: number): Promise<ConformanceSubject> {
  const enrolmentSecret = 'a secret of the tests';
  const progressMs = 200;
  const options = {
    clock: systemClock,
    opener,
    version: '0.0.0',
    enrolmentSecret,
    progressMs,
    snapshotEvery: 1_500,
  };
  const stores = Array.from({ length: count }, () => new ReplicatedStore(options));
  for (const store of stores) await store.start();
  return {
    as(token) {
      const [first, ...others] = stores.map((store) => store.session(token));
      if (first === undefined) throw new Error('there are no replicas');
      return spread([first, ...others]);
    },
    enrolmentSecret,
    unitMs: 500,
    progressMs,
    async elapse(ms) {
      const store = stores[0]?.session('');
      const untilMs = ((await store?.getInfo())?.storeTimeMs ?? 0) + ms;
      while (((await store?.getInfo())?.storeTimeMs ?? untilMs) < untilMs + 1) await pass();
    },
    stop: async () => {
      await Promise.all(stores.map((store) => store.stop()));
    },
  };
}

function pass(): Promise<void> {
  return new Promise((resolve) => void systemClock.after(5, resolve));
}

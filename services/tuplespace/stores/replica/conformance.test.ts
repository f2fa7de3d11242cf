/**
 * A store of replicas over a log keeps every promise, with one replica and with three that the calls are spread over.
 */
import { ManualClock } from '../../../runtime/index.js';
import { type ConformanceSubject, tupleSpaceConformance } from '../../conformance.suite.js';
import { spread } from '../../testing/spread.js';
import { MemoryLog } from './memory-log.suite.js';
import { ReplicatedStore } from './store.js';

async function openReplicas(count: number): Promise<ConformanceSubject> {
  const clock = new ManualClock();
  const enrolmentSecret = 'a secret of the tests';
  const progressMs = 5_000;
  const opener = new MemoryLog(clock);
  const stores = Array.from(
    { length: count },
    () =>
      new ReplicatedStore({
        clock,
        opener,
        version: '0.0.0',
        enrolmentSecret,
        progressMs,
        snapshotEvery: 500,
      }),
  );
  for (const store of stores) await store.start();
  return {
    as: (token) => {
      const [first, ...others] = stores.map((store) => store.session(token));
      if (first === undefined) throw new Error('there are no replicas');
      return spread([first, ...others]);
    },
    enrolmentSecret,
    unitMs: 1_000,
    progressMs,
    elapse: async (ms) => {
      // While time passes, all replicas learn of what was written before.
      await Promise.all(stores.map((store) => store.session('').getInfo()));
      clock.advance(ms);
    },
    stop: async () => {
      await Promise.all(stores.map((store) => store.stop()));
    },
  };
}

tupleSpaceConformance('a replica', () => openReplicas(1));
tupleSpaceConformance('each of three replicas', () => openReplicas(3));

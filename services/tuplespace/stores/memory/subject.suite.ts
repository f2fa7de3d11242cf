/**
 * The memory store as a subject of the conformance suite, its time driven by hand.
 */
import { ManualClock } from '../../../runtime/index.js';
import type { ConformanceSubject } from '../../conformance.suite.js';
import { MemoryStore } from './store.js';

/** @param patienceMs how long a condition may take to come true */
export async function openMemorySubject(patienceMs = 2_000): Promise<ConformanceSubject> {
  const clock = new ManualClock();
  const enrolmentSecret = 'a secret of the tests';
  const progressMs = 5_000;
  const store = new MemoryStore({ clock, version: '0.0.0', enrolmentSecret, progressMs });
  await store.start();
  return {
    as: (token) => store.session(token),
    enrolmentSecret,
    unitMs: 1_000,
    progressMs,
    patienceMs,
    elapse: async (ms) => clock.advance(ms),
    stop: () => store.stop(),
  };
}

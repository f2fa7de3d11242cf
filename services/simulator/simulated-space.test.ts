/**
 * The simulated network keeps the promises of the real client: a call that is repeated has one effect, a watch that breaks resumes.
 */
import { ServiceError } from '../runtime/index.js';
import { any, follow, MemoryStore, template } from '../tuplespace/index.js';
import { Chance } from './chance.js';
import { Host } from './host.js';
import { Network, type NetworkOptions } from './network.js';
import { SimulatedSpace } from './simulated-space.js';
import { Trace } from './trace.js';
import { VirtualClock } from './virtual-clock.js';

const fair: NetworkOptions = {
  delayMs: [0.1, 5],
  loss: 0,
  duplication: 0,
  streamBreak: 0,
  noticeMs: [1, 20],
};

function scene(options: Partial<NetworkOptions> = {}) {
  const clock = new VirtualClock();
  const trace = new Trace();
  const store = new MemoryStore({ clock, version: 'test' });
  const network = new Network({
    options: { ...fair, ...options },
    clock,
    trace,
    chance: new Chance(5, 'test'),
  });
  const host = new Host('node-1', clock);
  network.join(host);
  const near = store.session('');
  const far = new SimulatedSpace({ host, network, space: near, session: 'one' });
  const drive = async <T>(promise: Promise<T>): Promise<T> => {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    promise.then(settle, settle);
    while (!isSettled) {
      await clock.quiet();
      if (!isSettled && !clock.step()) throw new Error('nothing is left to do');
    }
    return promise;
  };
  return { clock, trace, network, host, near, far, drive };
}

const jobs = { space: 'jobs', templates: [template('job', any)] };

describe('a call over the simulated network', () => {
  test('is repeated until it is answered, and has one effect', async () => {
    const { far, near, drive, trace } = scene({ loss: 0.25, duplication: 0.3 });
    await drive(far.putSpace({ space: 'jobs', settings: {} }));
    for (let i = 0n; i < 40n; i += 1n) await drive(far.write({ space: 'jobs', tuples: [['job', i]] }));
    const { tuples } = await near.read(jobs);
    expect(tuples.map(({ values }) => values[1])).toEqual(Array.from({ length: 40 }, (_, i) => BigInt(i)));
    const { lost, duplicate } = trace.counts;
    expect(lost).toBeGreaterThan(10);
    expect(duplicate).toBeGreaterThan(5);
  });

  test('gives up after ten attempts with unavailable', async () => {
    const { far, host, drive } = scene();
    host.cutFor(1_000_000);
    await expect(drive(far.read(jobs))).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('that waits loses its waiter with its connection', async () => {
    const { far, near, host, drive, clock } = scene();
    await drive(far.putSpace({ space: 'jobs', settings: {} }));
    const waiting = far.read({ ...jobs, waitMs: 60_000 });
    const waiters = async () => (await near.listSpaces({ prefix: 'jobs' })).spaces[0]?.waiterCount;
    await clock.quiet();
    // The request arrives by the next timer.
    expect(clock.step()).toBe(true);
    expect(await waiters()).toBe(1);
    host.crash();
    await clock.quiet();
    expect(await waiters()).toBe(0);
    void waiting;
  });

  test('rejects with the reason of its signal', async () => {
    const { far, drive } = scene();
    await drive(far.putSpace({ space: 'jobs', settings: {} }));
    const stop = new AbortController();
    const waiting = far.read({ ...jobs, waitMs: 60_000 }, { signal: stop.signal });
    stop.abort(new ServiceError('cancelled', 'enough'));
    await expect(drive(waiting)).rejects.toThrow('enough');
  });
});

test('a watch that breaks now and then still brings every tuple, once and in order', async () => {
  const { far, near, drive, clock, trace } = scene({ streamBreak: 0.2 });
  await drive(far.putSpace({ space: 'jobs', settings: {} }));
  const seen: unknown[] = [];
  const stop = new AbortController();
  const following = (async () => {
    const request = { space: 'jobs', templates: [], from: { revision: 0n } };
    for await (const frame of follow(far, request, { clock, signal: stop.signal })) {
      if (frame.kind === 'snapshot') seen.push(...frame.tuples.map(({ values }) => values[1]));
      if (frame.kind === 'events') seen.push(...frame.events.map(({ tuple }) => tuple.values[1]));
      if (seen.length >= 60) stop.abort();
    }
  })();
  for (let i = 0n; i < 60n; i += 1n) {
    clock.after(Number(i) * 10, () => void near.write({ space: 'jobs', tuples: [['job', i]] }));
  }
  await drive(following);
  expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => BigInt(i)));
  expect(trace.counts['stream broken']).toBeGreaterThan(3);
});

/**
 * What replicas over a store keep when the store, its connections or a replica fail.
 */
import { ServiceError, systemClock } from '../../../runtime/index.js';
import { until } from '../../../runtime/testing/conditions.js';
import type { Cursor, TupleSpace, WatchFrame } from '../../space.js';
import { any, exact } from '../../template.js';
import type { StoreServer } from '../../testing/server-process.js';
import { TcpProxy } from '../../testing/tcp-proxy.js';
import type { LogOpener } from './log.js';
import { ReplicatedStore } from './store.js';

export interface FaultSubject {
  readonly server: StoreServer;
  /** The log of the subject, by way of this port. */
  openerAt(port: number): LogOpener;
  /** Takes the newest entries away, as the loss of a store's tail does. */
  loseTail(count: number): Promise<void>;
}

const space = 'default';
const job = [exact('job'), any];

/** A replica with a proxy between it and the store. */
interface CutOff {
  readonly store: ReplicatedStore;
  readonly session: TupleSpace;
  readonly proxy: TcpProxy;
  /** What the health listener was told, with the time of each. */
  readonly told: { readonly isServing: boolean; readonly atMs: number }[];
}

export function storeFaults(name: string, subjectOf: () => Promise<FaultSubject>): void {
  describe(`replicas over ${name}`, () => {
    let subject: FaultSubject;
    const replicas: CutOff[] = [];
    const start = async (): Promise<CutOff> => {
      const proxy = await TcpProxy.open(`127.0.0.1:${subject.server.port}`);
      const opener = subject.openerAt(Number(proxy.address.split(':')[1]));
      const store = new ReplicatedStore({
        clock: systemClock,
        opener,
        version: '0.0.0',
        progressMs: 100,
        snapshotEvery: 20,
      });
      const told: { isServing: boolean; atMs: number }[] = [];
      store.onHealth((isServing) => void told.push({ isServing, atMs: performance.now() }));
      await store.start();
      const replica = { store, session: store.session(''), proxy, told };
      replicas.push(replica);
      return replica;
    };
    beforeEach(async () => {
      subject = await subjectOf();
    });
    afterEach(async () => {
      await Promise.all(
        replicas.splice(0).map(async ({ store, proxy }) => {
          await store.stop();
          await proxy.close();
        }),
      );
    });

    it('give a call whose answer was lost the same answer when it is repeated, and one effect, though the store died meanwhile', async () => {
      const [left, right] = [await start(), await start()];
      for (let i = 1; i <= 5; i++) {
        const requestId = { session: 'a client', sequence: i, lowestUnanswered: i };
        const request = { space, tuples: [['job', BigInt(i)]], requestId };
        left.proxy.loseAnswers();
        await expect(left.session.write(request)).rejects.toMatchObject({ code: 'unavailable' });
        left.proxy.pass();
        if (i === 3) {
          await subject.server.kill();
          await subject.server.restart();
        }
        const answer = await retried(() => right.session.write(request));
        expect(await retried(() => left.session.write(request))).toEqual(answer);
      }
      expect(await jobsOf(right.session)).toEqual([1n, 2n, 3n, 4n, 5n]);
    });

    it('have all that was acknowledged, once, after the store was killed under many writes', async () => {
      const { session, told } = await start();
      const acknowledged: bigint[] = [];
      let next = 0n;
      const writing = Array.from({ length: 8 }, async () => {
        for (;;) {
          next += 1n;
          const number = next;
          await session.write({ space, tuples: [['job', number]] });
          acknowledged.push(number);
        }
      });
      await until('fifty answers', () => acknowledged.length >= 50);
      await subject.server.kill();
      for (const end of await Promise.allSettled(writing)) {
        expect(end).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
      }
      await subject.server.restart();
      const jobs = await retried(() => jobsOf(session));
      expect(new Set(jobs).size).toBe(jobs.length);
      expect(jobs).toEqual(expect.arrayContaining(acknowledged));
      expect(told.map(({ isServing }) => isServing)).toContain(false);
      expect(told.at(-1)?.isServing).toBe(true);
    });

    it('refuse calls while their connections are cut, and are back by themselves', async () => {
      const { session, proxy, told } = await start();
      await session.write({ space, tuples: [['job', 1n]] });
      const waiting = session.take({ space, templates: [[exact('never')]], waitMs: 20_000 });
      const failure = expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
      proxy.cut();
      await failure;
      expect(await retried(() => jobsOf(session))).toEqual([1n]);
      expect(told.map(({ isServing }) => isServing)).toEqual([false, true]);
    });

    it('say within two seconds that a store hangs, and are back when it goes on', async () => {
      const { session, told } = await start();
      await session.write({ space, tuples: [['job', 1n]] });
      const pausedAtMs = performance.now();
      subject.server.pause();
      try {
        await expect(session.write({ space, tuples: [['job', 2n]] })).rejects.toMatchObject({
          code: 'unavailable',
        });
        expect(told[0]).toMatchObject({ isServing: false });
        expect((told[0]?.atMs ?? Number.POSITIVE_INFINITY) - pausedAtMs).toBeLessThan(2_000);
        await expect(session.read({ space, templates: [job] })).rejects.toMatchObject({
          code: 'unavailable',
        });
      } finally {
        subject.server.resume();
      }
      expect(await retried(() => jobsOf(session))).toContain(1n);
      expect(told.at(-1)?.isServing).toBe(true);
    });

    it('refuse the late settle of a holder that was cut off past its hold', async () => {
      const [left, right] = [await start(), await start()];
      await left.session.write({ space, tuples: [['job', 1n]] });
      const held = await left.session.take({ space, templates: [job], holdMs: 300 });
      left.proxy.stall();
      const again = await right.session.take({ space, templates: [job], waitMs: 10_000, holdMs: 60_000 });
      expect(again.tuples.map(({ deliveryCount }) => deliveryCount)).toEqual([1]);
      left.proxy.cut();
      const late = retried(() =>
        left.session.settle({ space, holdToken: held.holdToken ?? '', action: { kind: 'commit' } }),
      );
      await expect(late).rejects.toMatchObject({ code: 'failed_precondition' });
      await right.session.settle({ space, holdToken: again.holdToken ?? '', action: { kind: 'commit' } });
      expect(await jobsOf(right.session)).toEqual([]);
    });

    it('wake a waiter of one by a write through another', async () => {
      const [left, right] = [await start(), await start()];
      const waiting = left.session.take({ space, templates: [job], waitMs: 20_000 });
      await until('the take waits', async () => (await waitersOf(left.session)) === 1);
      await right.session.write({ space, tuples: [['job', 7n]] });
      expect((await waiting).tuples.map(({ values }) => values[1])).toEqual([7n]);
    });

    it('resume a watch of one on another, from where it was', async () => {
      const [left, right] = [await start(), await start()];
      await left.session.write({ space, tuples: [['job', 1n]] });
      const cursor = await cursorOf(left.session);
      await left.session.write({ space, tuples: [['job', 2n]] });
      await right.session.write({ space, tuples: [['job', 3n]] });
      expect(await eventsAfter(right.session, cursor)).toEqual([2n, 3n]);
    });

    it('tell a watcher whose place was trimmed away, with the oldest place that there is', async () => {
      const [left, right] = [await start(), await start()];
      await left.session.putSpace({ space: 's', settings: { historyMax: 5 } });
      await left.session.write({ space: 's', tuples: [['job', 0n]] });
      const cursor = await cursorOf(left.session, 's');
      left.proxy.stall();
      // So many that the log has a new snapshot and is trimmed too.
      for (let i = 1; i <= 40; i++) await right.session.write({ space: 's', tuples: [['job', BigInt(i)]] });
      left.proxy.cut();
      await expect(retried(() => eventsAfter(left.session, cursor, 's'))).rejects.toMatchObject({
        code: 'out_of_range',
        details: { oldestRevision: '36' },
      });
    });

    it('notice that the store has lost its tail', async () => {
      const { session } = await start();
      await session.write({ space, tuples: [['job', 1n]] });
      await session.write({ space, tuples: [['job', 2n]] });
      const cursor = await cursorOf(session);
      await subject.loseTail(1);
      expect(await retried(() => jobsOf(session))).toEqual([1n]);
      await session.write({ space, tuples: [['job', 3n]] });
      await expect(retried(() => eventsAfter(session, cursor))).rejects.toMatchObject({
        code: 'out_of_range',
      });
    });
  });
}

/** Calls until the store is reached. */
async function retried<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  const endMs = performance.now() + 15_000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const isLost = error instanceof ServiceError && error.code === 'unavailable';
      if (!isLost || performance.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function jobsOf(session: TupleSpace): Promise<unknown[]> {
  const jobs: unknown[] = [];
  let afterId: bigint | undefined = 0n;
  while (afterId !== undefined) {
    const answer = await session.read({ space, templates: [job], afterId });
    jobs.push(...answer.tuples.map(({ values }) => values[1]));
    afterId = answer.nextAfterId;
  }
  return jobs;
}

async function waitersOf(session: TupleSpace): Promise<number> {
  return (await session.listSpaces({})).spaces[0]?.waiterCount ?? 0;
}

/** Where a watch that has seen everything is. */
async function cursorOf(session: TupleSpace, name = space): Promise<Cursor> {
  for await (const frame of session.watch({ space: name, templates: [], from: { revision: 0n } })) {
    if (frame.kind === 'progress') return frame.cursor;
  }
  throw new Error('the watch ended');
}

/** The numbers of the jobs that were written after a place. */
async function eventsAfter(session: TupleSpace, from: Cursor, name = space): Promise<unknown[]> {
  const frames: WatchFrame[] = [];
  for await (const frame of session.watch({ space: name, templates: [], from })) {
    if (frame.kind === 'progress') break;
    frames.push(frame);
  }
  return frames.flatMap((frame) =>
    frame.kind === 'events' ? frame.events.map(({ tuple }) => tuple.values[1]) : [],
  );
}

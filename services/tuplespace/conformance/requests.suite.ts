/**
 * Promise 4: the same request id gives the same answer, with one effect, a take whose answer was lost
 * included.
 */
import { randomUUID } from 'node:crypto';
import type { RequestId } from '../space.js';
import { any, template } from '../template.js';
import type { Place } from './place.suite.js';
import { valuesOf } from './place.suite.js';
import { invalid, overLimit, refused, rejection } from './refusals.suite.js';
import type { Scene } from './scene.suite.js';
import type { CheckGroup } from './subject.suite.js';

const job = template('job', any);

/** The ids of one client's session. */
function session(): (sequence: number, lowestUnanswered?: number) => { requestId: RequestId } {
  const name = randomUUID();
  return (sequence, lowestUnanswered = 1) => ({ requestId: { session: name, sequence, lowestUnanswered } });
}

async function withJobs(scene: Scene, count = 2): Promise<Place> {
  const place = await scene.place();
  await place.write(...Array.from({ length: count }, (_, i) => ['job', BigInt(i)]));
  return place;
}

export const requestChecks: CheckGroup = {
  topic: 'request ids',
  checks: [
    {
      claim: 'a repeated write gives the first answer and writes once',
      run: async (scene) => {
        const place = await scene.place();
        const id = session();
        const first = await place.writeWith({ tuples: [['a']], ...id(1) });
        await place.write(['b']);
        expect(await place.writeWith({ tuples: [['a']], ...id(1) })).toEqual(first);
        expect(await place.count(template('a'))).toBe(1);
        expect(await place.revision()).toBe(2n);
      },
    },
    {
      claim: 'a repeated write that was blocked is blocked by the same tuple, even when it is gone',
      run: async (scene) => {
        const place = await scene.place();
        const id = session();
        await place.write(['leader', 1n]);
        const write = { tuples: [['leader', 2n]], unless: template('leader', any), ...id(1) };
        const first = await place.writeWith(write);
        await place.take(template('leader', 1n));
        expect(await place.writeWith(write)).toEqual(first);
        expect(first.kind).toBe('blocked');
      },
    },
    {
      claim: 'a repeated take, whose answer was lost, gives the same tuples and takes no others',
      run: async (scene) => {
        const place = await withJobs(scene, 3);
        const id = session();
        const first = await place.take(job, { max: 2, ...id(1) });
        expect(valuesOf(first)).toEqual([
          ['job', 0n],
          ['job', 1n],
        ]);
        expect(await place.take(job, { max: 2, ...id(1) })).toEqual(first);
        expect(await place.values(job)).toEqual([['job', 2n]]);
      },
    },
    {
      claim: 'a repeated take that found nothing finds nothing, whatever has come since',
      run: async (scene) => {
        const place = await scene.place();
        const id = session();
        await place.take(job, id(1));
        await place.write(['job', 1n]);
        expect(valuesOf(await place.take(job, id(1)))).toEqual([]);
        expect(valuesOf(await place.take(job, id(2)))).toEqual([['job', 1n]]);
      },
    },
    {
      claim: 'a repeated hold gives the same token, and a repeated settle the same answer',
      run: async (scene) => {
        const place = await withJobs(scene);
        const id = session();
        const hold = await place.take(job, { holdMs: scene.longMs, ...id(1) });
        expect(await place.take(job, { holdMs: scene.longMs, ...id(1) })).toEqual(hold);
        expect(await place.info()).toMatchObject({ heldCount: 1 });
        const commit = { kind: 'commit', tuples: [['done']] } as const;
        const settled = await place.settle(hold.holdToken, commit, id(2));
        expect(await place.settle(hold.holdToken, commit, id(2))).toEqual(settled);
        expect(await place.count(template('done'))).toBe(1);
        await refused(place.settle(hold.holdToken, commit, id(3)), 'failed_precondition');
      },
    },
    {
      claim: 'a repeated grant gives the same lease',
      run: async (scene) => {
        const place = await scene.place();
        const id = session();
        const lease = await place.lease({ ttlMs: scene.longMs, ...id(1) });
        expect(await place.lease({ ttlMs: scene.longMs, ...id(1) })).toEqual(lease);
        expect(await place.info()).toMatchObject({ leaseCount: 1 });
      },
    },
    {
      claim: 'the same id twice at the same time has one effect',
      run: async (scene) => {
        const place = await withJobs(scene, 5);
        const id = session();
        const [left, right] = await Promise.all([place.take(job, id(1)), place.take(job, id(1))]);
        expect(right).toEqual(left);
        expect(await place.count(job)).toBe(4);
      },
    },
    {
      claim: 'a retry takes the place of the first try that still waits, which is told so',
      run: async (scene) => {
        const place = await scene.place();
        const id = session();
        const first = place.take(job, { waitMs: scene.longMs, ...id(1) });
        const firstRefused = refused(first, 'aborted');
        await place.blockedCount(1);
        const second = place.take(job, { waitMs: scene.longMs, ...id(1) });
        await firstRefused;
        await place.blockedCount(1);
        await place.write(['job', 1n], ['job', 2n]);
        expect(valuesOf(await second)).toEqual([['job', 1n]]);
        expect(await place.take(job, { waitMs: scene.longMs, ...id(1) })).toEqual(await second);
        expect(await place.values(job)).toEqual([['job', 2n]]);
      },
    },
    {
      claim: 'a cancelled take leaves no record: its retry is judged anew',
      run: async (scene) => {
        const place = await scene.place();
        const id = session();
        const cancel = new AbortController();
        const reason = new Error('given up');
        const waiting = { waitMs: scene.longMs, ...id(1) };
        const ended = rejection(place.take(job, waiting, { signal: cancel.signal }));
        await place.blockedCount(1);
        cancel.abort(reason);
        expect(await ended).toBe(reason);
        await place.blockedCount(0);
        await place.write(['job', 1n]);
        expect(valuesOf(await place.take(job, id(1)))).toEqual([['job', 1n]]);
      },
    },
    {
      claim: 'a refused call leaves no record: its retry is judged anew',
      run: async (scene) => {
        const place = await scene.place({ limits: { tuplesMax: 1 } });
        const id = session();
        await place.write(['full']);
        await refused(place.writeWith({ tuples: [['a']], ...id(1) }), 'resource_exhausted');
        await place.take(template('full'));
        expect(await place.writeWith({ tuples: [['a']], ...id(1) })).toMatchObject({ kind: 'written' });
      },
    },
    {
      claim: 'a take that finds no room to wait leaves no record: its retry is judged anew',
      run: async (scene) => {
        const place = await scene.place({ limits: { waitersMax: 1 } });
        const id = session();
        const waitMs = scene.longMs;
        const first = place.take(job, { waitMs });
        await place.blockedCount(1);
        await overLimit(place.take(job, { waitMs, ...id(1) }), 'waitersMax');
        await place.write(['job', 1n], ['job', 2n]);
        expect(valuesOf(await first)).toEqual([['job', 1n]]);
        expect(valuesOf(await place.take(job, { waitMs, ...id(1) }))).toEqual([['job', 2n]]);
      },
    },
    {
      claim: 'an id below the lowest unanswered is refused',
      run: async (scene) => {
        const place = await scene.place();
        const id = session();
        await place.writeWith({ tuples: [['a']], ...id(1) });
        await place.writeWith({ tuples: [['b']], ...id(2) });
        await place.writeWith({ tuples: [['c']], ...id(3, 3) });
        await refused(place.writeWith({ tuples: [['a']], ...id(1, 1) }), 'failed_precondition');
        await refused(place.writeWith({ tuples: [['b']], ...id(2, 2) }), 'failed_precondition');
        expect(await place.writeWith({ tuples: [['c']], ...id(3, 3) })).toMatchObject({ revision: 3n });
        expect(await place.info()).toMatchObject({ tupleCount: 3 });
      },
    },
    {
      claim: 'an id names one kind of call',
      run: async (scene) => {
        const place = await withJobs(scene);
        const id = session();
        await place.writeWith({ tuples: [['a']], ...id(1) });
        await invalid(place.take(job, id(1)), 'requestId.sequence');
        await invalid(place.lease({ ttlMs: scene.longMs, ...id(1) }), 'requestId.sequence');
      },
    },
    {
      claim: 'ids belong to one caller, one session and one space',
      run: async (scene) => {
        const place = await withJobs(scene, 5);
        const elsewhere = await withJobs(scene);
        const id = session();
        const stranger = place.as(await scene.client());
        await place.take(job, id(1));
        expect(valuesOf(await stranger.take(job, id(1)))).toEqual([['job', 1n]]);
        expect(valuesOf(await place.take(job, session()(1)))).toEqual([['job', 2n]]);
        expect(valuesOf(await elsewhere.as(place.caller).take(job, id(1)))).toEqual([['job', 0n]]);
      },
    },
  ],
};

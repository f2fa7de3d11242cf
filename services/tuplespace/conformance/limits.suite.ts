/**
 * Promise 9: over a limit is an error that names the limit, and nothing is cut silently. What a space may
 * hold in all is resource_exhausted; what could never fit is invalid_argument, and stands in
 * malformed.suite.ts.
 */
import { any, anyOf, template } from '../template.js';
import type { Tuple } from '../tuple.js';
import { overLimit } from './refusals.suite.js';
import type { CheckGroup } from './subject.suite.js';

const job = template('job', any);

function jobs(count: number): Tuple[] {
  return Array.from({ length: count }, (_, i): Tuple => ['job', BigInt(i)]);
}

export const limitChecks: CheckGroup = {
  topic: 'limits',
  checks: [
    {
      claim: 'a space holds tuplesMax tuples, and a write beyond that writes none',
      run: async (scene) => {
        const place = await scene.place({ limits: { tuplesMax: 3 } });
        await place.write(...jobs(2));
        await overLimit(place.write(...jobs(2)), 'tuplesMax');
        expect(await place.count(job)).toBe(2);
        await place.write(...jobs(1));
        await overLimit(place.write(['x']), 'tuplesMax');
        await place.take(job, { holdMs: scene.longMs });
        await overLimit(place.write(['x']), 'tuplesMax');
        await place.take(job);
        await place.write(['x']);
        expect(await place.info()).toMatchObject({ tupleCount: 3 });
      },
    },
    {
      claim: 'a space holds bytesMax bytes',
      run: async (scene) => {
        const place = await scene.place({ limits: { bytesMax: 1_000 } });
        const tuple: Tuple = ['x'.repeat(400)];
        await place.write(tuple, tuple);
        const { tupleBytes } = await place.info();
        expect(tupleBytes).toBeGreaterThanOrEqual(800);
        await overLimit(place.write(tuple), 'bytesMax');
        await place.take(template(any));
        await place.write(tuple);
        expect(await place.info()).toMatchObject({ tupleBytes });
      },
    },
    {
      claim: 'a commit counts what it removes and what it writes',
      run: async (scene) => {
        const place = await scene.place({ limits: { tuplesMax: 2 } });
        await place.write(...jobs(2));
        const { holdToken } = await place.take(job, { holdMs: scene.longMs });
        const tuples = [
          ['done', 1n],
          ['done', 2n],
        ];
        await overLimit(place.settle(holdToken, { kind: 'commit', tuples }), 'tuplesMax');
        await place.settle(holdToken, { kind: 'commit', tuples: tuples.slice(1) });
        expect(await place.info()).toMatchObject({ tupleCount: 2, heldCount: 0 });
      },
    },
    {
      claim: 'a call that would examine more than examinedMax tuples is refused, and changes nothing',
      run: async (scene) => {
        const place = await scene.place({ limits: { examinedMax: 100, readTuplesMax: 100 } });
        await place.write(...Array.from({ length: 150 }, (_, i): Tuple => ['vote', 'a', BigInt(i)]));
        // No index knows a field by its type alone.
        const none = template('vote', 'a', anyOf('double'));
        await overLimit(place.read(none), 'examinedMax');
        await overLimit(place.take(none), 'examinedMax');
        await overLimit(place.read(none, { countOnly: true }), 'examinedMax');
        await overLimit(place.writeWith({ tuples: [['x']], unless: none }), 'examinedMax');
        expect(await place.info()).toMatchObject({ tupleCount: 150, revision: 1n, waiterCount: 0 });
        expect(await place.caller.explain({ space: place.space, template: none })).toMatchObject({
          examinedCount: 150,
          examinedMax: 100,
        });
      },
    },
    {
      claim: 'a template with one exact value, or none, counts any number of tuples',
      run: async (scene) => {
        const place = await scene.place({ limits: { examinedMax: 100 } });
        await place.write(
          ...jobs(150),
          ...Array.from({ length: 150 }, (_, i): Tuple => ['other', BigInt(i)]),
        );
        expect(await place.count(job)).toBe(150);
        expect(await place.count(template(any, any))).toBe(300);
        await place.take(job, { holdMs: scene.longMs });
        expect(await place.count(job)).toBe(149);
        expect(await place.count(job, true)).toBe(150);
      },
    },
    {
      claim: 'a selective template is answered among any number of tuples',
      run: async (scene) => {
        const place = await scene.place({ limits: { examinedMax: 20 } });
        await place.write(...jobs(1_000));
        expect(await place.values(template('job', 777n))).toEqual([['job', 777n]]);
        expect((await place.take(job, { max: 10 })).tuples).toHaveLength(10);
        expect((await place.read(job, { limit: 10 })).tuples).toHaveLength(10);
      },
    },
    {
      claim:
        'a watch begins with all its matches, however many, but does not look for them among too many others',
      run: async (scene) => {
        const place = await scene.place({ limits: { examinedMax: 100 } });
        await place.write(...jobs(300));
        expect((await place.watch([job]).snapshot()).tuples).toHaveLength(300);
        expect((await place.watch().snapshot()).tuples).toHaveLength(300);
        await overLimit(place.watch([template('job', anyOf('double'))]).next(), 'examinedMax');
      },
    },
    {
      claim: 'a space has waitersMax blocked calls, and as many watches',
      run: async (scene) => {
        const place = await scene.place({ limits: { waitersMax: 2 } });
        const waitMs = scene.longMs;
        const waiting = [place.take(job, { waitMs }), place.read(job, { waitMs })];
        await place.blockedCount(2);
        await overLimit(place.take(job, { waitMs }), 'waitersMax');
        await overLimit(place.read(job, { waitMs }), 'waitersMax');
        expect(await place.take(job)).toMatchObject({ tuples: [] });
        await place.write(...jobs(1));
        await Promise.all(waiting);
        for (let i = 0; i < 2; i++) await place.watch().snapshot();
        await overLimit(place.watch().next(), 'waitersMax');
      },
    },
    {
      claim: 'a space has leasesMax leases',
      run: async (scene) => {
        const place = await scene.place({ limits: { leasesMax: 2 } });
        const { leaseId } = await place.lease({ ttlMs: scene.longMs });
        await place.lease({ ttlMs: scene.longMs });
        await overLimit(place.lease({ ttlMs: scene.longMs }), 'leasesMax');
        await place.lease({ leaseId, ttlMs: scene.longMs });
        await place.lease({ leaseId, ttlMs: 0 });
        await place.lease({ ttlMs: scene.longMs });
      },
    },
    {
      claim: 'more than one answer may hold comes page by page, not cut',
      run: async (scene) => {
        const place = await scene.place({ limits: { readTuplesMax: 10 } });
        await place.write(...jobs(15));
        const first = await place.read(job);
        expect(first.tuples).toHaveLength(10);
        const second = await place.read(job, { afterId: first.nextAfterId ?? 0n });
        expect(second.tuples).toHaveLength(5);
        expect(second.nextAfterId).toBeUndefined();
      },
    },
  ],
};

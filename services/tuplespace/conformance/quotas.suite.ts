/**
 * Quotas: what one caller may have and do in a space. Whoever goes over is told by which limit, and nobody else notices.
 */
import type { ServiceError } from '../../runtime/index.js';
import { any, template } from '../template.js';
import type { Tuple } from '../tuple.js';
import { overLimit } from './refusals.suite.js';
import type { CheckGroup } from './subject.suite.js';

const job = template('job', any);

export const quotaChecks: CheckGroup = {
  topic: 'quotas',
  checks: [
    {
      claim:
        'a caller has callerTuplesMax tuples in the space, others have their own, and an orchestrator as many as it likes',
      run: async (scene) => {
        const place = await scene.place({ limits: { callerTuplesMax: 2 } });
        const other = place.as(await scene.client());
        await place.write(['job', 1n], ['job', 2n]);
        await overLimit(place.write(['job', 3n]), 'callerTuplesMax');
        await other.write(['job', 3n], ['job', 4n]);
        await overLimit(other.write(['job', 5n]), 'callerTuplesMax');
        await place.as(scene.orchestrator).write(['a'], ['b'], ['c']);
        await other.take(job);
        await overLimit(other.write(['job', 5n]), 'callerTuplesMax');
        await place.write(['job', 5n]);
        const { entries } = await scene.orchestrator.readAudit({ space: place.space });
        expect(entries.map(({ operation, rule }) => `${operation} ${rule}`)).toEqual(
          new Array(3).fill('write callerTuplesMax'),
        );
      },
    },
    {
      claim: 'a commit counts what it removes of the caller’s and what it writes',
      run: async (scene) => {
        const place = await scene.place({ limits: { callerTuplesMax: 1 } });
        const other = place.as(await scene.client());
        await place.write(['job', 1n]);
        await other.write(['x']);
        const { holdToken } = await place.take(job, { holdMs: scene.longMs });
        const done = { kind: 'commit' as const, tuples: [['done', 1n]] };
        await overLimit(other.settle(holdToken, done), 'callerTuplesMax');
        await place.settle(holdToken, done);
        expect(await place.count(template('done', any))).toBe(1);
      },
    },
    {
      claim: 'a caller has callerBytesMax bytes in the space',
      run: async (scene) => {
        const place = await scene.place({ limits: { callerBytesMax: 1_000 } });
        const tuple: Tuple = ['x'.repeat(400)];
        await place.write(tuple, tuple);
        await overLimit(place.write(tuple), 'callerBytesMax');
        await place.as(await scene.client()).write(tuple);
        await place.take(template(any));
        await place.write(tuple);
      },
    },
    {
      claim:
        'a caller makes callerWritesPerSecondMax steps in a second of the store, and others wait for nobody',
      run: async (scene) => {
        const max = 10;
        const place = await scene.place({ limits: { callerWritesPerSecondMax: max } });
        const other = place.as(await scene.client());
        const { storeTimeMs: fromMs } = await scene.orchestrator.getInfo();
        const writes = Array.from({ length: 6 * max }, (_, i) => place.write(['job', BigInt(i)]));
        const outcomes = await Promise.allSettled(writes);
        await other.write(['other']);
        const { storeTimeMs: toMs } = await scene.orchestrator.getInfo();
        const written = outcomes.filter(({ status }) => status === 'fulfilled').length;
        const secondCount = Math.floor(toMs / 1_000) - Math.floor(fromMs / 1_000) + 1;
        expect(written).toBeGreaterThanOrEqual(max);
        expect(written).toBeLessThanOrEqual(max * secondCount);
        for (const outcome of outcomes) {
          if (outcome.status === 'fulfilled') continue;
          const { code, details } = outcome.reason as ServiceError;
          expect([code, details['limit']]).toEqual(['resource_exhausted', 'callerWritesPerSecondMax']);
        }
        await scene.elapse(1_000);
        await place.write(['again']);
      },
    },
    {
      claim: 'a caller has callerWaitersMax blocked calls and callerWatchesMax watches',
      run: async (scene) => {
        const place = await scene.place({ limits: { callerWaitersMax: 1, callerWatchesMax: 1 } });
        const other = place.as(await scene.client());
        const waiting = place.take(job, { waitMs: scene.longMs });
        await other.blockedCount(1);
        await overLimit(place.read(job, { waitMs: scene.longMs }), 'callerWaitersMax');
        const theirs = other.take(template('else'), { waitMs: scene.longMs });
        await other.blockedCount(2);
        await place.watch().snapshot();
        await overLimit(place.watch().next(), 'callerWatchesMax');
        await other.watch().snapshot();
        await other.write(['job', 1n], ['else']);
        await Promise.all([waiting, theirs]);
        const again = place.take(job, { waitMs: scene.longMs });
        await other.blockedCount(1);
        await other.write(['job', 2n]);
        await again;
      },
    },
  ],
};

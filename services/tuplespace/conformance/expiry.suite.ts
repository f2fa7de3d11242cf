/**
 * Promise 6: an expired tuple is never returned, expiry goes by the store's clock and is an event; and
 * leases, which end many tuples at once.
 */
import { any, template } from '../template.js';
import { invalid, refused } from './refusals.suite.js';
import type { CheckGroup } from './subject.suite.js';

const mark = template('mark', any);

export const expiryChecks: CheckGroup = {
  topic: 'expiry and leases',
  checks: [
    {
      claim: 'a tuple with a time to live is there before its end and gone after it, for every call',
      run: async (scene) => {
        const place = await scene.place();
        await place.writeWith({ tuples: [['mark', 1n]], ttlMs: 3 * scene.unitMs });
        await place.write(['mark', 2n]);
        await scene.elapse(scene.unitMs);
        expect(await place.count(mark)).toBe(2);
        await scene.elapse(3 * scene.unitMs);
        expect(await place.values(mark)).toEqual([['mark', 2n]]);
        expect(await place.count(mark)).toBe(1);
        expect((await place.take(template('mark', 1n))).tuples).toEqual([]);
        expect((await place.writeWith({ tuples: [['new']], unless: template('mark', 1n) })).kind).toBe(
          'written',
        );
        expect(await place.info()).toMatchObject({ tupleCount: 2 });
      },
    },
    {
      claim: 'a tuple tells when it will expire',
      run: async (scene) => {
        const place = await scene.place();
        await place.writeWith({ tuples: [['mark', 1n]], ttlMs: 5 * scene.unitMs });
        const [tuple] = (await place.read(mark)).tuples;
        expect(tuple?.expiresAtMs).toBe((tuple?.writtenAtMs ?? 0) + 5 * scene.unitMs);
      },
    },
    {
      claim: 'the time to live ends exactly at its time',
      run: async (scene) => {
        const place = await scene.place();
        await place.writeWith({ tuples: [['mark', 1n]], ttlMs: scene.unitMs });
        const [tuple] = (await place.read(mark)).tuples;
        const { storeTimeMs } = await place.caller.getInfo();
        await scene.elapse((tuple?.expiresAtMs ?? 0) - storeTimeMs);
        expect(await place.count(mark)).toBe(0);
      },
    },
    {
      claim: 'what expired does not come back to a waiting call, and waiting for it ends in time',
      run: async (scene) => {
        const place = await scene.place();
        await place.writeWith({ tuples: [['mark', 1n]], ttlMs: scene.unitMs });
        const read = place.read(mark, { min: 2, waitMs: 6 * scene.unitMs });
        await place.blockedCount(1);
        await scene.elapse(2 * scene.unitMs);
        await place.write(['mark', 2n]);
        await scene.elapse(5 * scene.unitMs);
        expect(await read).toMatchObject({ isSatisfied: false, tuples: [{ values: ['mark', 2n] }] });
      },
    },
    {
      claim: 'a taken tuple does not expire any more',
      run: async (scene) => {
        const place = await scene.place();
        await place.writeWith({
          tuples: [
            ['mark', 1n],
            ['mark', 2n],
          ],
          ttlMs: scene.unitMs,
        });
        await place.take(template('mark', 1n));
        const frames = place.watch([], { revision: 2n });
        await scene.elapse(2 * scene.unitMs);
        expect(await frames.lines(1)).toEqual(['3 expired ["mark",2]']);
      },
    },
    {
      claim: 'the tuples of a lease live as long as it is renewed, and die with it in one step',
      run: async (scene) => {
        const place = await scene.place();
        const { leaseId } = await place.lease({ ttlMs: 2 * scene.unitMs });
        await place.writeWith({ tuples: [['mark', 1n]], leaseId });
        await place.writeWith({ tuples: [['mark', 2n]], leaseId });
        await place.write(['mark', 3n]);
        const frames = place.watch([], { revision: 3n });
        for (let i = 0; i < 3; i++) {
          await scene.elapse(scene.unitMs);
          await place.lease({ leaseId, ttlMs: 2 * scene.unitMs });
        }
        expect(await place.count(mark)).toBe(3);
        await scene.elapse(3 * scene.unitMs);
        expect(await frames.lines(2)).toEqual(['4 expired ["mark",1]', '4 expired ["mark",2]']);
        expect(await place.values(mark)).toEqual([['mark', 3n]]);
        expect(await place.info()).toMatchObject({ leaseCount: 0, revision: 4n });
      },
    },
    {
      claim: 'a lease says when it ends, and a shorter renewal ends it sooner',
      run: async (scene) => {
        const place = await scene.place();
        const { leaseId, expiresAtMs } = await place.lease({ ttlMs: 9 * scene.unitMs });
        const { storeTimeMs } = await place.caller.getInfo();
        expect(expiresAtMs).toBeGreaterThan(storeTimeMs);
        expect(expiresAtMs).toBeLessThanOrEqual(storeTimeMs + 9 * scene.unitMs);
        const renewed = await place.lease({ leaseId, ttlMs: scene.unitMs });
        expect(renewed.leaseId).toBe(leaseId);
        expect(renewed.expiresAtMs).toBeLessThan(expiresAtMs);
        await scene.elapse(2 * scene.unitMs);
        expect(await place.info()).toMatchObject({ leaseCount: 0 });
      },
    },
    {
      claim: 'a lease that is to be changed only if it ends at some time is left alone when it does not',
      run: async (scene) => {
        const place = await scene.place();
        const { leaseId, expiresAtMs } = await place.lease({ ttlMs: 9 * scene.unitMs });
        const shorter = { leaseId, ttlMs: scene.unitMs, ifExpiresAtMs: expiresAtMs };
        await refused(place.lease({ ...shorter, ifExpiresAtMs: expiresAtMs - 1 }), 'aborted');
        await place.lease({ leaseId, ttlMs: 18 * scene.unitMs });
        await refused(place.lease(shorter), 'aborted');
        await refused(place.lease({ ...shorter, ttlMs: 0 }), 'aborted');
        expect(await place.info()).toMatchObject({ leaseCount: 1 });
        const { expiresAtMs: nowAtMs } = await place.lease({ leaseId, ttlMs: 9 * scene.unitMs });
        await place.lease({ ...shorter, ifExpiresAtMs: nowAtMs });
        await scene.elapse(2 * scene.unitMs);
        expect(await place.info()).toMatchObject({ leaseCount: 0 });
        await invalid(place.lease({ ttlMs: scene.unitMs, ifExpiresAtMs: nowAtMs }), 'ifExpiresAtMs');
      },
    },
    {
      claim: 'a revoked lease takes its tuples with it at once',
      run: async (scene) => {
        const place = await scene.place();
        const { leaseId } = await place.lease({ ttlMs: scene.longMs });
        await place.writeWith({ tuples: [['mark', 1n]], leaseId });
        expect(await place.lease({ leaseId, ttlMs: 0 })).toMatchObject({ leaseId, revision: 2n });
        expect(await place.count(mark)).toBe(0);
      },
    },
    {
      claim: 'a lease that is over is refused, one that never was is not found',
      run: async (scene) => {
        const place = await scene.place();
        const elsewhere = await scene.place();
        const { leaseId } = await place.lease({ ttlMs: scene.unitMs });
        const { leaseId: revoked } = await place.lease({ ttlMs: scene.unitMs });
        await place.lease({ leaseId: revoked, ttlMs: 0 });
        await scene.elapse(2 * scene.unitMs);
        for (const over of [leaseId, revoked]) {
          await refused(place.lease({ leaseId: over, ttlMs: scene.unitMs }), 'failed_precondition');
          await refused(place.lease({ leaseId: over, ttlMs: 0 }), 'failed_precondition');
          await refused(place.writeWith({ tuples: [['mark', 1n]], leaseId: over }), 'failed_precondition');
          const hold = { holdMs: scene.unitMs, leaseId: over };
          await refused(place.take(mark, { ...hold, waitMs: scene.unitMs }), 'failed_precondition');
        }
        const { leaseId: foreign } = await elsewhere.lease({ ttlMs: scene.longMs });
        for (const unknown of ['lease', `${leaseId}x`, foreign]) {
          await refused(place.lease({ leaseId: unknown, ttlMs: scene.unitMs }), 'not_found');
          await refused(place.writeWith({ tuples: [['mark', 1n]], leaseId: unknown }), 'not_found');
          await refused(place.take(mark, { holdMs: scene.unitMs, leaseId: unknown }), 'not_found');
        }
        expect(await place.info()).toMatchObject({ tupleCount: 0, waiterCount: 0, leaseCount: 0 });
      },
    },
  ],
};

/**
 * Promise 3 for holds: a hold sets tuples aside for one taker, gives them back when it ends, and fences a
 * late one.
 */
import type { TakeAnswer } from '../space.js';
import { any, template } from '../template.js';
import type { Place } from './place.suite.js';
import { valuesOf } from './place.suite.js';
import { refused } from './refusals.suite.js';
import type { Scene } from './scene.suite.js';
import type { CheckGroup } from './subject.suite.js';

const job = template('job', any);

/** A place with two jobs, the first of them held; longer than any check takes, where nothing else is said. */
async function heldJob(scene: Scene, holdMs = scene.longMs): Promise<{ place: Place; hold: TakeAnswer }> {
  const place = await scene.place();
  await place.write(['job', 1n], ['job', 2n]);
  return { place, hold: await place.take(job, { holdMs }) };
}

export const holdChecks: CheckGroup = {
  topic: 'holds',
  checks: [
    {
      claim: 'a held tuple is for its holder alone, and is seen by those who ask for held ones',
      run: async (scene) => {
        const { place, hold } = await heldJob(scene);
        expect(valuesOf(hold)).toEqual([['job', 1n]]);
        expect(await place.values(job)).toEqual([['job', 2n]]);
        expect(await place.values(job, true)).toEqual([
          ['job', 1n],
          ['job', 2n],
        ]);
        expect(await place.count(job, true)).toBe(2);
        expect(await place.count(job)).toBe(1);
        expect(valuesOf(await place.take(job, { max: 5 }))).toEqual([['job', 2n]]);
        expect(await place.info()).toMatchObject({ tupleCount: 1, heldCount: 1 });
      },
    },
    {
      claim: 'a hold says when it gives its tuples back',
      run: async (scene) => {
        const { hold, place } = await heldJob(scene, 2 * scene.unitMs);
        const { storeTimeMs } = await place.caller.getInfo();
        expect(hold.holdToken).toEqual(expect.any(String));
        expect(hold.holdExpiresAtMs).toBeGreaterThan(storeTimeMs);
        expect(hold.holdExpiresAtMs).toBeLessThanOrEqual(storeTimeMs + 2 * scene.unitMs);
      },
    },
    {
      claim: 'a commit removes the held tuples for good',
      run: async (scene) => {
        const { place, hold } = await heldJob(scene, 2 * scene.unitMs);
        await place.settle(hold.holdToken, { kind: 'commit' });
        expect(await place.values(job, true)).toEqual([['job', 2n]]);
        await scene.elapse(3 * scene.unitMs);
        expect(await place.values(job, true)).toEqual([['job', 2n]]);
      },
    },
    {
      claim: 'a commit writes tuples in the same step, with a life of their own',
      run: async (scene) => {
        const { place, hold } = await heldJob(scene);
        const tuples = [['result', 1n]];
        const { ids } = await place.settle(hold.holdToken, { kind: 'commit', tuples, ttlMs: scene.unitMs });
        const { tuples: written } = await place.read(template('result', any));
        expect(written.map(({ id }) => id)).toEqual(ids);
        expect(written[0]?.expiresAtMs).toBeGreaterThan(0);
        await scene.elapse(2 * scene.unitMs);
        expect(await place.count(template('result', any))).toBe(0);
      },
    },
    {
      claim: 'a release gives the tuples back at once, in their old place and with the delivery count raised',
      run: async (scene) => {
        const { place, hold } = await heldJob(scene);
        await place.settle(hold.holdToken, { kind: 'release' });
        const { tuples } = await place.read(job);
        expect(tuples.map(({ values, deliveryCount }) => [values[1], deliveryCount])).toEqual([
          [1n, 1],
          [2n, 0],
        ]);
        const again = await place.take(job, { holdMs: scene.longMs });
        expect(again.tuples).toMatchObject([
          { values: ['job', 1n], deliveryCount: 1, id: hold.tuples[0]?.id },
        ]);
      },
    },
    {
      claim: 'an expired hold gives its tuples back, in their old place and with the delivery count raised',
      run: async (scene) => {
        const { place } = await heldJob(scene, 2 * scene.unitMs);
        const frames = place.watch([], { revision: 2n });
        await scene.elapse(3 * scene.unitMs);
        expect(await frames.lines(1)).toEqual(['3 released ["job",1]']);
        const { tuples } = await place.take(job, { max: 2 });
        expect(tuples.map(({ values, deliveryCount }) => [values[1], deliveryCount])).toEqual([
          [1n, 1],
          [2n, 0],
        ]);
      },
    },
    {
      claim: 'many holds released in any order leave the tuples in their order',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(...Array.from({ length: 60 }, (_, i) => ['job', BigInt(i)]));
        const holds: TakeAnswer[] = [];
        for (let i = 0; i < 50; i++) holds.push(await place.take(job, { holdMs: scene.longMs }));
        const shuffled = holds.map((_, i) => holds[(i * 27) % 50]);
        for (const hold of shuffled) await place.settle(hold?.holdToken, { kind: 'release' });
        expect((await place.values(job)).map(([, n]) => Number(n))).toEqual(
          Array.from({ length: 60 }, (_, i) => i),
        );
      },
    },
    {
      claim: 'a late settle of a returned hold is refused, and changes nothing',
      run: async (scene) => {
        const { place, hold } = await heldJob(scene, 2 * scene.unitMs);
        await scene.elapse(3 * scene.unitMs);
        const second = await place.take(job, { holdMs: 2 * scene.unitMs });
        expect(valuesOf(second)).toEqual([['job', 1n]]);
        for (const action of [
          { kind: 'commit', tuples: [['forged']] },
          { kind: 'release' },
          { kind: 'extend', holdMs: scene.unitMs },
        ] as const) {
          await refused(place.settle(hold.holdToken, action), 'failed_precondition');
        }
        expect(await place.values(template(any), true)).toEqual([]);
        expect(await place.info()).toMatchObject({ tupleCount: 2, heldCount: 1 });
        await place.settle(second.holdToken, { kind: 'commit' });
        expect(await place.values(job)).toEqual([['job', 2n]]);
      },
    },
    {
      claim: 'a hold is good for one settle',
      run: async (scene) => {
        const { place, hold } = await heldJob(scene);
        await place.settle(hold.holdToken, { kind: 'release' });
        await refused(place.settle(hold.holdToken, { kind: 'commit' }), 'failed_precondition');
        const other = await place.take(job, { holdMs: scene.longMs });
        await place.settle(other.holdToken, { kind: 'commit' });
        await refused(place.settle(other.holdToken, { kind: 'release' }), 'failed_precondition');
        expect(await place.count(job)).toBe(1);
      },
    },
    {
      claim: 'a hold that never was is not found: an invented one, a changed one, one of another space',
      run: async (scene) => {
        const { place, hold } = await heldJob(scene);
        const { hold: foreign } = await heldJob(scene);
        const token = hold.holdToken ?? '';
        const changed = token.slice(0, -2) + (token.endsWith('AA') ? 'BB' : 'AA');
        for (const wrong of ['hold', changed, `${token}x`, 'ü'.repeat(token.length), foreign.holdToken]) {
          await refused(place.settle(wrong, { kind: 'commit' }), 'not_found');
        }
        expect(await place.info()).toMatchObject({ heldCount: 1 });
      },
    },
    {
      claim: 'an extension moves the end of a hold from now on',
      run: async (scene) => {
        const { place, hold } = await heldJob(scene, 10 * scene.unitMs);
        await scene.elapse(scene.unitMs);
        const extended = await place.settle(hold.holdToken, { kind: 'extend', holdMs: 20 * scene.unitMs });
        expect(extended.holdExpiresAtMs).toBeGreaterThan(hold.holdExpiresAtMs ?? 0);
        await scene.elapse(2 * scene.unitMs);
        expect(await place.info()).toMatchObject({ heldCount: 1 });
        await place.settle(hold.holdToken, { kind: 'extend', holdMs: scene.unitMs });
        await scene.elapse(2 * scene.unitMs);
        expect(await place.info()).toMatchObject({ heldCount: 0, tupleCount: 2 });
      },
    },
    {
      claim: 'a hold dies with its lease',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['job', 1n]);
        const { leaseId } = await place.lease({ ttlMs: scene.longMs });
        const hold = await place.take(job, { holdMs: scene.longMs, leaseId });
        await place.lease({ leaseId, ttlMs: 0 });
        expect((await place.read(job)).tuples).toMatchObject([{ values: ['job', 1n], deliveryCount: 1 }]);
        await refused(place.settle(hold.holdToken, { kind: 'commit' }), 'failed_precondition');
      },
    },
    {
      claim: 'a hold ends as a whole when one of its tuples expires',
      run: async (scene) => {
        const place = await scene.place();
        await place.writeWith({ tuples: [['job', 1n]], ttlMs: 2 * scene.unitMs });
        await place.write(['job', 2n]);
        const hold = await place.take(job, { max: 2, holdMs: scene.longMs });
        expect(hold.holdExpiresAtMs).toBe(hold.tuples[0]?.expiresAtMs);
        const frames = place.watch([], { revision: 3n });
        await scene.elapse(3 * scene.unitMs);
        expect(await frames.lines(2)).toEqual(['4 expired ["job",1]', '4 released ["job",2]']);
        await refused(place.settle(hold.holdToken, { kind: 'commit' }), 'failed_precondition');
        expect(await place.values(job, true)).toEqual([['job', 2n]]);
      },
    },
    {
      claim: 'a tuple that dies with its lease while it is held ends the hold',
      run: async (scene) => {
        const place = await scene.place();
        const { leaseId } = await place.lease({ ttlMs: scene.longMs });
        await place.writeWith({ tuples: [['job', 1n]], leaseId });
        await place.write(['job', 2n]);
        const hold = await place.take(job, { max: 2, holdMs: scene.longMs });
        const { revision } = await place.lease({ leaseId, ttlMs: 0 });
        expect(revision).toBe(4n);
        expect(await place.values(job, true)).toEqual([['job', 2n]]);
        await refused(place.settle(hold.holdToken, { kind: 'release' }), 'failed_precondition');
      },
    },
    {
      claim: 'a commit that is refused leaves the hold as it was',
      run: async (scene) => {
        const { place, hold } = await heldJob(scene);
        const tuples = [['done', 1n]];
        await refused(
          place.settle(hold.holdToken, { kind: 'commit', tuples, leaseId: 'lease' }),
          'not_found',
        );
        expect(await place.info()).toMatchObject({ tupleCount: 2, heldCount: 1, revision: 2n });
        await place.settle(hold.holdToken, { kind: 'commit', tuples });
        expect(await place.count(template('done', any))).toBe(1);
      },
    },
  ],
};

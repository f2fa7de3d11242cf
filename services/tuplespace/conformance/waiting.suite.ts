/**
 * Promises 5 and 8: who waits is served in turn, nothing waits longer than its call, and "nothing in time" is
 * an answer.
 */
import type { TakeAnswer } from '../space.js';
import { any, between, prefix, template } from '../template.js';
import type { Tuple } from '../tuple.js';
import { valuesOf } from './place.suite.js';
import { refused, rejection } from './refusals.suite.js';
import type { CheckGroup } from './subject.suite.js';

const job = template('job', any);

export const waitingChecks: CheckGroup = {
  topic: 'waiting',
  checks: [
    {
      claim: 'a waiting read or take is answered by the write it waits for',
      run: async (scene) => {
        const place = await scene.place();
        const waitMs = scene.longMs;
        const read = place.read(job, { waitMs });
        const take = place.take(job, { waitMs });
        await place.blockedCount(2);
        await place.write(['other', 1n]);
        await place.write(['job', 1n]);
        expect(await read).toMatchObject({
          tuples: [{ values: ['job', 1n] }],
          isSatisfied: true,
          revision: 2n,
        });
        expect(await take).toMatchObject({ tuples: [{ values: ['job', 1n] }], revision: 3n });
        await place.blockedCount(0);
      },
    },
    {
      claim: 'a wait for what is there already does not wait',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['job', 1n]);
        const waitMs = scene.longMs;
        expect(await place.read(job, { waitMs })).toMatchObject({ isSatisfied: true });
        expect(await place.read(template('none'), { min: 0, waitMs })).toMatchObject({
          tuples: [],
          isSatisfied: true,
        });
        expect(valuesOf(await place.take(job, { waitMs }))).toEqual([['job', 1n]]);
      },
    },
    {
      claim: 'every matcher wakes: exact, any, range, prefix, and each of several templates',
      run: async (scene) => {
        const place = await scene.place();
        const waitMs = scene.longMs;
        const waits = [
          template('a', 5n, any),
          template(any, any, any),
          template('a', between({ low: 1n, high: 9n }), any),
          template(any, any, prefix('te')),
          template(any, any, ['list']),
        ];
        const reads = waits.slice(0, 4).map((wait) => place.read(wait, { waitMs }));
        const list = place.read(waits[4] ?? [], { waitMs });
        const either = place.read([template('none'), template('a', 5n, any)], { waitMs });
        await place.blockedCount(6);
        await place.write(['a', 5n, 'text']);
        for (const read of [...reads, either]) expect(valuesOf(await read)).toEqual([['a', 5n, 'text']]);
        await place.write(['b', 1n, ['list']]);
        expect(valuesOf(await list)).toEqual([['b', 1n, ['list']]]);
      },
    },
    {
      claim: 'what nobody wants wakes nobody',
      run: async (scene) => {
        const place = await scene.place();
        const read = place.read(template('job', 7n), { waitMs: scene.longMs });
        await place.blockedCount(1);
        await place.write(['job', 6n], ['job', 7], ['job', '7'], ['job', 7n, 7n], ['jobs', 7n]);
        expect(await place.info()).toMatchObject({ waiterCount: 1 });
        await place.write(['job', 7n]);
        expect(valuesOf(await read)).toEqual([['job', 7n]]);
      },
    },
    {
      claim: 'waiting takes are served in the order in which they came',
      run: async (scene) => {
        const place = await scene.place();
        const takes: Promise<TakeAnswer>[] = [];
        for (let i = 0; i < 6; i++) {
          const wanted = i % 2 === 0 ? job : template(any, any);
          takes.push(place.take(wanted, { waitMs: scene.longMs }));
          await place.blockedCount(i + 1);
        }
        await place.write(['job', 0n], ['job', 1n]);
        await place.write(['job', 2n]);
        await place.write(['job', 3n], ['job', 4n], ['job', 5n]);
        const served = (await Promise.all(takes)).map((answer) => valuesOf(answer).map(([, n]) => n));
        expect(served).toEqual([[0n], [1n], [2n], [3n], [4n], [5n]]);
      },
    },
    {
      claim:
        'a take that came first gets what only it and a later one want, whatever else the later one wants',
      run: async (scene) => {
        const place = await scene.place();
        const waitMs = scene.longMs;
        const narrow = place.take(template('job', 2n), { waitMs });
        await place.blockedCount(1);
        const broad = place.take(job, { max: 2, waitMs });
        await place.blockedCount(2);
        await place.write(['job', 1n], ['job', 2n]);
        expect(valuesOf(await narrow)).toEqual([['job', 2n]]);
        expect(valuesOf(await broad)).toEqual([['job', 1n]]);
      },
    },
    {
      claim: 'waiting reads are served before waiting takes',
      run: async (scene) => {
        const place = await scene.place();
        const waitMs = scene.longMs;
        const take = place.take(job, { waitMs });
        await place.blockedCount(1);
        const reads = [place.read(job, { waitMs }), place.read(job, { waitMs })];
        await place.blockedCount(3);
        await place.write(['job', 1n]);
        for (const read of reads) expect(valuesOf(await read)).toEqual([['job', 1n]]);
        expect(valuesOf(await take)).toEqual([['job', 1n]]);
      },
    },
    {
      claim: 'a read waits for a quorum, and a take takes all of min or nothing',
      run: async (scene) => {
        const place = await scene.place();
        const waitMs = scene.longMs;
        const quorum = place.read(job, { min: 3, waitMs });
        const count = place.read(job, { min: 4, countOnly: true, waitMs });
        await place.blockedCount(2);
        const all = place.take(job, { min: 3, max: 3, waitMs });
        await place.blockedCount(3);
        await place.write(['job', 1n]);
        await place.write(['job', 2n]);
        expect(await place.info()).toMatchObject({ waiterCount: 3, tupleCount: 2 });
        await place.write(['job', 3n]);
        expect(await quorum).toMatchObject({ count: 3, isSatisfied: true });
        expect(valuesOf(await all)).toHaveLength(3);
        await place.write(...[4n, 5n, 6n, 7n].map((n): Tuple => ['job', n]));
        expect(await count).toMatchObject({ count: 4, isSatisfied: true, tuples: [] });
      },
    },
    {
      claim: 'what was taken meanwhile does not count for a quorum',
      run: async (scene) => {
        const place = await scene.place();
        const quorum = place.read(job, { min: 2, waitMs: scene.longMs });
        await place.blockedCount(1);
        for (const n of [1n, 2n, 3n]) {
          await place.write(['job', n]);
          await place.take(job);
        }
        expect(await place.info()).toMatchObject({ waiterCount: 1 });
        await place.write(['job', 4n], ['job', 5n]);
        expect(valuesOf(await quorum)).toEqual([
          ['job', 4n],
          ['job', 5n],
        ]);
      },
    },
    {
      claim: 'a take that can have its share passes one that still lacks some',
      run: async (scene) => {
        const place = await scene.place();
        const waitMs = scene.longMs;
        const many = place.take(job, { min: 3, max: 3, waitMs });
        await place.blockedCount(1);
        const one = place.take(job, { waitMs });
        await place.blockedCount(2);
        await place.write(['job', 1n]);
        expect(valuesOf(await one)).toEqual([['job', 1n]]);
        await place.write(['job', 2n], ['job', 3n], ['job', 4n]);
        expect(valuesOf(await many)).toHaveLength(3);
      },
    },
    {
      claim: 'a read waits for tuples after an id',
      run: async (scene) => {
        const place = await scene.place();
        const [afterId] = await place.write(['job', 1n]);
        const next = place.read(job, { afterId: afterId ?? 0n, waitMs: scene.longMs });
        await place.blockedCount(1);
        await place.write(['job', 2n]);
        expect(valuesOf(await next)).toEqual([['job', 2n]]);
      },
    },
    {
      claim: 'a tuple that is given back serves who waits: by release, by expiry and by lease death',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['job', 1n]);
        const { leaseId } = await place.lease({ ttlMs: scene.longMs });
        const nextHolder = async (current: TakeAnswer, giveBack: () => Promise<unknown>, next: object) => {
          expect(valuesOf(current)).toEqual([['job', 1n]]);
          const waiting = place.take(job, { waitMs: scene.longMs, ...next });
          await place.blockedCount(1);
          await giveBack();
          return waiting;
        };
        const first = await place.take(job, { holdMs: scene.longMs });
        const release = () => place.settle(first.holdToken, { kind: 'release' });
        const second = await nextHolder(first, release, { holdMs: scene.unitMs });
        const expire = () => scene.elapse(2 * scene.unitMs);
        const third = await nextHolder(second, expire, { holdMs: scene.longMs, leaseId });
        const revoke = () => place.lease({ leaseId, ttlMs: 0 });
        const last = await nextHolder(third, revoke, {});
        expect(last.tuples).toMatchObject([{ values: ['job', 1n], deliveryCount: 3 }]);
      },
    },
    {
      claim: 'a take that waits to hold under a lease is refused once the lease is over, and takes nothing',
      run: async (scene) => {
        const place = await scene.place();
        const { leaseId } = await place.lease({ ttlMs: scene.longMs });
        const wait = { holdMs: scene.longMs, leaseId, waitMs: scene.longMs };
        const waiting = refused(place.take(job, wait), 'failed_precondition');
        await place.blockedCount(1);
        await place.lease({ leaseId, ttlMs: 0 });
        await place.write(['job', 1n]);
        await waiting;
        expect(await place.count(job)).toBe(1);
      },
    },
    {
      claim: 'a waiting take can hold',
      run: async (scene) => {
        const place = await scene.place();
        const waiting = place.take(job, { holdMs: scene.longMs, waitMs: scene.longMs });
        await place.blockedCount(1);
        await place.write(['job', 1n]);
        const { holdToken } = await waiting;
        expect(await place.info()).toMatchObject({ heldCount: 1 });
        await place.settle(holdToken, { kind: 'commit' });
        expect(await place.info()).toMatchObject({ tupleCount: 0 });
      },
    },
    {
      claim: 'nothing in time is an answer',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['job', 1n]);
        const take = place.take(template('none'), { waitMs: scene.unitMs });
        const read = place.read(job, { min: 2, waitMs: scene.unitMs });
        await place.blockedCount(2);
        await scene.elapse(2 * scene.unitMs);
        expect(await take).toMatchObject({ tuples: [], revision: 1n });
        expect(await read).toMatchObject({ tuples: [{ values: ['job', 1n] }], count: 1, isSatisfied: false });
        await place.blockedCount(0);
      },
    },
    {
      claim: 'a cancelled call rejects with the reason of its signal, and waits no more',
      run: async (scene) => {
        const place = await scene.place();
        const cancel = new AbortController();
        const reason = new Error('enough');
        const waits = [
          rejection(place.take(job, { waitMs: scene.longMs }, { signal: cancel.signal })),
          rejection(place.read(job, { waitMs: scene.longMs }, { signal: cancel.signal })),
        ];
        await place.blockedCount(2);
        cancel.abort(reason);
        expect(await Promise.all(waits)).toEqual([reason, reason]);
        await place.blockedCount(0);
        await place.write(['job', 1n]);
        expect(await place.count(job)).toBe(1);
        expect(await rejection(place.take(job, {}, { signal: cancel.signal }))).toBe(reason);
        expect(await place.count(job)).toBe(1);
      },
    },
    {
      claim: 'a cancelled take passes its turn to the next',
      run: async (scene) => {
        const place = await scene.place();
        const cancel = new AbortController();
        const waitMs = scene.longMs;
        const first = rejection(place.take(job, { waitMs }, { signal: cancel.signal }));
        await place.blockedCount(1);
        const second = place.take(job, { waitMs });
        await place.blockedCount(2);
        cancel.abort(new Error('enough'));
        await first;
        await place.blockedCount(1);
        await place.write(['job', 1n]);
        expect(valuesOf(await second)).toEqual([['job', 1n]]);
      },
    },
    {
      claim: 'a dropped space ends its waits with not_found',
      run: async (scene) => {
        const place = await scene.place();
        const waits = [
          refused(place.take(job, { waitMs: scene.longMs }), 'not_found'),
          refused(place.read(job, { waitMs: scene.longMs }), 'not_found'),
        ];
        await place.blockedCount(2);
        await place.caller.dropSpace({ space: place.space });
        await Promise.all(waits);
      },
    },
    {
      claim: 'a store that stops ends its waits, watches and every later call with unavailable',
      run: async (scene) => {
        const other = await scene.openAnother();
        const space = other.as('');
        const waiting = refused(
          space.take({ space: 'default', templates: [job], waitMs: scene.longMs }),
          'unavailable',
        );
        const frames = space
          .watch({ space: 'default', templates: [], from: { revision: 0n } })
          [Symbol.asyncIterator]();
        await frames.next();
        await frames.next();
        const watching = refused(frames.next(), 'unavailable');
        await other.stop();
        await Promise.all([waiting, watching]);
        await other.stop();
        await refused(space.read({ space: 'default', templates: [job] }), 'unavailable');
      },
    },
  ],
};

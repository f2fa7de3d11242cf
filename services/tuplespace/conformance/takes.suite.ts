/**
 * Promises 3 and 5 for takes: each tuple goes to at most one, oldest first; and for reads of several tuples:
 * order and pages.
 */
import { any, template } from '../template.js';
import type { Tuple } from '../tuple.js';
import type { Place } from './place.suite.js';
import { valuesOf } from './place.suite.js';
import type { CheckGroup } from './subject.suite.js';

const job = template('job', any);

function jobs(count: number): Tuple[] {
  return Array.from({ length: count }, (_, i): Tuple => ['job', BigInt(i)]);
}

async function numbers(taking: ReturnType<Place['take']>): Promise<number[]> {
  return valuesOf(await taking).map(([, n]) => Number(n));
}

export const takeChecks: CheckGroup = {
  topic: 'takes and reads',
  checks: [
    {
      claim: 'a take removes what it gives',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(...jobs(1));
        const answer = await place.take(job);
        expect(valuesOf(answer)).toEqual([['job', 0n]]);
        expect(answer.holdToken).toBeUndefined();
        expect(valuesOf(await place.take(job))).toEqual([]);
        expect(await place.values(job)).toEqual([]);
        expect(await place.info()).toMatchObject({ tupleCount: 0, tupleBytes: 0 });
      },
    },
    {
      claim: 'a read leaves what it gives',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(...jobs(1));
        expect(await place.values(job)).toEqual(await place.values(job));
        expect(await place.count(job)).toBe(1);
      },
    },
    {
      claim: 'takes go oldest first',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(...jobs(3));
        await place.write(['other'], ['job', 3n]);
        expect(await numbers(place.take(job))).toEqual([0]);
        expect(await numbers(place.take(job, { max: 2 }))).toEqual([1, 2]);
        expect(await numbers(place.take(job, { max: 2 }))).toEqual([3]);
      },
    },
    {
      claim: 'a take gives as many as there are, up to max',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(...jobs(3));
        expect(await numbers(place.take(job, { max: 2 }))).toEqual([0, 1]);
        expect(await numbers(place.take(job, { max: 100 }))).toEqual([2]);
      },
    },
    {
      claim: 'a take below min takes nothing',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(...jobs(2));
        expect(await numbers(place.take(job, { min: 3, max: 5 }))).toEqual([]);
        expect(await place.count(job)).toBe(2);
        expect(await numbers(place.take(job, { min: 2, max: 5 }))).toEqual([0, 1]);
      },
    },
    {
      claim: 'nothing to take is an answer with the revision',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['other']);
        expect(await place.take(job)).toMatchObject({ tuples: [], revision: 1n });
      },
    },
    {
      claim: 'of many takers racing for few tuples each tuple goes to one',
      run: async (scene) => {
        const place = await scene.place();
        const takers = await Promise.all(
          Array.from({ length: 5 }, async () => place.as(await scene.client())),
        );
        const giveUp = new AbortController();
        const taken: number[] = [];
        const racing = takers.flatMap((taker) =>
          Array.from({ length: 12 }, async () => {
            const waiting = taker.take(job, { waitMs: scene.longMs }, { signal: giveUp.signal });
            taken.push(...(await numbers(waiting).catch(() => [])));
          }),
        );
        const all = jobs(40);
        await Promise.all([0, 10, 20, 30].map((from) => place.write(...all.slice(from, from + 10))));
        await place.blockedCount(20);
        expect(await place.info()).toMatchObject({ tupleCount: 0, waiterCount: 20 });
        giveUp.abort(new Error('the race is over'));
        await Promise.all(racing);
        expect(taken.sort((left, right) => left - right)).toEqual(all.map(([, n]) => Number(n)));
        await place.blockedCount(0);
      },
    },
    {
      claim: 'writers and takers at once: what goes in comes out, each once',
      run: async (scene) => {
        const place = await scene.place();
        const callers = await Promise.all(Array.from({ length: 4 }, () => scene.client()));
        const out: number[] = [];
        await Promise.all([
          ...jobs(60).map((tuple, i) => place.as(callers[i % 4] ?? place.caller).write(tuple)),
          ...Array.from({ length: 30 }, async (_, i) => {
            const taking = place
              .as(callers[i % 4] ?? place.caller)
              .take(job, { min: 2, max: 2, waitMs: scene.longMs });
            out.push(...(await numbers(taking)));
          }),
        ]);
        expect(out.sort((left, right) => left - right)).toEqual(Array.from({ length: 60 }, (_, i) => i));
      },
    },
    {
      claim: 'reads go oldest first, and page by page without a gap or a repetition',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(...jobs(10));
        const seen: bigint[] = [];
        let afterId: bigint | undefined;
        let pageCount = 0;
        do {
          const page = await place.read(job, { limit: 4, ...(afterId !== undefined && { afterId }) });
          seen.push(...page.tuples.map(({ values }) => values[1] as bigint));
          expect(page.count).toBe(page.tuples.length);
          afterId = page.nextAfterId;
          pageCount += 1;
          // What changes behind the page's back does not shift the next one.
          if (pageCount === 1) await place.take(template('job', 0n));
        } while (afterId !== undefined);
        expect(seen).toEqual(jobs(10).map(([, n]) => n));
        expect(pageCount).toBe(3);
      },
    },
    {
      claim: 'a page that has the last match has no next one',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(...jobs(4));
        const { tuples, nextAfterId } = await place.read(job, { limit: 4 });
        expect(tuples).toHaveLength(4);
        expect(nextAfterId).toBeUndefined();
      },
    },
    {
      claim: 'count counts all matches and gives no tuples',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(...jobs(30), ['other']);
        expect(await place.read(job, { countOnly: true, limit: 1 })).toMatchObject({
          tuples: [],
          count: 30,
          isSatisfied: true,
        });
        expect(await place.read(template('job', 3n), { countOnly: true })).toMatchObject({ count: 1 });
        const [, , third] = (await place.read(job)).tuples;
        expect((await place.read(job, { countOnly: true, afterId: third?.id ?? 0n })).count).toBe(27);
      },
    },
    {
      claim: 'a read says whether min matched',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(...jobs(2));
        expect(await place.read(job, { min: 2 })).toMatchObject({ isSatisfied: true, count: 2 });
        expect(await place.read(job, { min: 3 })).toMatchObject({ isSatisfied: false, count: 2 });
        expect(await place.read(job, { min: 3, countOnly: true })).toMatchObject({
          isSatisfied: false,
          count: 2,
        });
      },
    },
  ],
};

/**
 * Promise 7: a watch delivers every event after its place once and in order, or refuses; and resumes from any
 * place it was given.
 */
import type { Cursor } from '../space.js';
import { any, template } from '../template.js';
import type { Tuple } from '../tuple.js';
import type { Place } from './place.suite.js';
import { valuesOf } from './place.suite.js';
import { refused, rejection } from './refusals.suite.js';
import type { Scene } from './scene.suite.js';
import type { CheckGroup } from './subject.suite.js';

const job = template('job', any);

/** A place where something of everything has happened: 10 revisions, 12 events. */
async function eventful(scene: Scene): Promise<{ place: Place; lines: string[] }> {
  const place = await scene.place();
  const holdMs = scene.longMs;
  await place.write(['job', 1n], ['job', 2n]);
  await place.write(['other', 1n]);
  await place.take(job);
  const first = await place.take(job, { holdMs });
  await place.settle(first.holdToken, { kind: 'release' });
  const second = await place.take(job, { holdMs });
  await place.settle(second.holdToken, { kind: 'commit', tuples: [['done', 2n]] });
  const { leaseId } = await place.lease({ ttlMs: holdMs });
  await place.writeWith({ tuples: [['job', 3n]], leaseId });
  await place.lease({ leaseId, ttlMs: 0 });
  await place.write(['job', 4n]);
  const lines = [
    '1 written ["job",1]',
    '1 written ["job",2]',
    '2 written ["other",1]',
    '3 taken ["job",1]',
    '4 held ["job",2]',
    '5 released ["job",2]',
    '6 held ["job",2]',
    '7 taken ["job",2]',
    '7 written ["done",2]',
    '8 written ["job",3]',
    '9 expired ["job",3]',
    '10 written ["job",4]',
  ];
  return { place, lines };
}

/** The lines after a revision. */
function after(lines: readonly string[], revision: number): string[] {
  return lines.filter((line) => Number(line.split(' ')[0]) > revision);
}

async function watchCountIs(place: Place, count: number): Promise<void> {
  await place.until(async () => (await place.info()).watchCount === count, `${count} watches`);
}

export const watchChecks: CheckGroup = {
  topic: 'watches',
  checks: [
    {
      claim: 'a watch from 0 begins with what stands, held tuples included, and goes on from there',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['job', 1n], ['job', 2n], ['other']);
        await place.take(job);
        await place.take(job, { holdMs: scene.longMs });
        const frames = place.watch([job]);
        const { tuples, cursor } = await frames.snapshot();
        expect(valuesOf({ tuples })).toEqual([['job', 2n]]);
        expect(cursor).toEqual({ incarnation: (await place.info()).incarnation, revision: 3n });
        await place.write(['other'], ['job', 3n]);
        expect(await frames.lines(1)).toEqual(['4 written ["job",3]']);
      },
    },
    {
      claim: 'a snapshot of nothing is one empty last frame',
      run: async (scene) => {
        const place = await scene.place();
        const frames = place.watch();
        expect(await frames.next()).toMatchObject({
          kind: 'snapshot',
          tuples: [],
          isLast: true,
          cursor: { revision: 0n },
        });
        expect((await frames.progress()).cursor.revision).toBe(0n);
      },
    },
    {
      claim: 'a large snapshot has every tuple once, oldest first, in as many frames as it takes',
      run: async (scene) => {
        const place = await scene.place();
        const tuples = Array.from({ length: 2_500 }, (_, i): Tuple => ['job', BigInt(i)]);
        await place.write(...tuples.slice(0, 1_000));
        await place.write(...tuples.slice(1_000));
        const snapshot = await place.watch([job]).snapshot();
        expect(valuesOf(snapshot)).toEqual(tuples);
      },
    },
    {
      claim: 'what happens during a snapshot comes after it, once',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(...Array.from({ length: 2_500 }, (_, i): Tuple => ['job', BigInt(i)]));
        const frames = place.watch([job]);
        const first = await frames.next();
        await place.take(template('job', 2_499n));
        const rest = await frames.snapshot();
        const count = (first?.kind === 'snapshot' ? first.tuples.length : 0) + rest.tuples.length;
        expect(count).toBe(2_500);
        expect(await frames.lines(1)).toEqual(['2 taken ["job",2499]']);
      },
    },
    {
      claim: 'a watch shows every kind of event',
      run: async (scene) => {
        const { place, lines } = await eventful(scene);
        const frames = place.watch([], { revision: 1n });
        expect(await frames.lines(10)).toEqual(after(lines, 1));
        const progress = await frames.progress();
        expect(progress.cursor.revision).toBe(10n);
      },
    },
    {
      claim: 'a watch shows only events of tuples that match',
      run: async (scene) => {
        const { place, lines } = await eventful(scene);
        const frames = place.watch([template('done', any), template('other', any)], { revision: 1n });
        expect(await frames.lines(2)).toEqual(lines.filter((line) => /other|done/.test(line)));
        expect((await frames.progress()).cursor.revision).toBe(10n);
      },
    },
    {
      claim: 'a watch resumes from every revision with exactly what came after it',
      run: async (scene) => {
        const { place, lines } = await eventful(scene);
        const { incarnation } = await place.info();
        for (let revision = 1; revision <= 10; revision++) {
          const frames = place.watch([], { incarnation, revision: BigInt(revision) });
          const expected = after(lines, revision);
          expect(await frames.lines(expected.length)).toEqual(expected);
          expect((await frames.progress()).cursor.revision).toBe(10n);
          await frames.close();
        }
      },
    },
    {
      claim: 'a watch resumes from every cursor that it gave, whatever broke it',
      run: async (scene) => {
        const { place, lines } = await eventful(scene);
        let from: Cursor = { revision: 1n };
        const seen: string[] = [];
        while (seen.length < 10) {
          const frames = place.watch([], from);
          const { cursor, ...frame } = await frames.nextNews();
          from = cursor;
          seen.push(
            ...('events' in frame ? frame.events.map(({ kind }) => `${cursor.revision} ${kind}`) : []),
          );
          await frames.close();
        }
        expect(seen).toEqual(after(lines, 1).map((line) => line.split(' ').slice(0, 2).join(' ')));
      },
    },
    {
      claim: 'all that one revision did to matching tuples is one frame',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['first']);
        const frames = place.watch([job], { revision: 1n });
        await place.write(...Array.from({ length: 1_500 }, (_, i): Tuple => ['job', BigInt(i)]));
        const frame = await frames.nextNews();
        expect('events' in frame && frame.events.length).toBe(1_500);
      },
    },
    {
      claim: 'a released tuple shows its delivery count, and events show the tuple as it was',
      run: async (scene) => {
        const { place } = await eventful(scene);
        const events = await place.watch([], { revision: 3n }).events(3);
        expect(events.map(({ kind, tuple }) => [kind, tuple.deliveryCount])).toEqual([
          ['held', 0],
          ['released', 1],
          ['held', 1],
        ]);
      },
    },
    {
      claim: 'several watches each get everything, the slow one too',
      run: async (scene) => {
        const place = await scene.place();
        const slow = place.watch();
        const fast = place.watch();
        await slow.snapshot();
        await fast.snapshot();
        for (let i = 1; i <= 20; i++) {
          await place.write(['job', BigInt(i)]);
          expect(await fast.lines(1)).toEqual([`${i} written ["job",${i}]`]);
        }
        const expected = Array.from({ length: 20 }, (_, i) => `${i + 1} written ["job",${i + 1}]`);
        expect(await slow.lines(20)).toEqual(expected);
      },
    },
    {
      claim: 'an idle watch says how far it is, and the time of the store',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['other'], ['job', 1n]);
        const frames = place.watch([job], { revision: 1n });
        const first = await frames.progress();
        await place.write(['other']);
        const idle = frames.progress();
        await scene.elapse(scene.subject.progressMs);
        const second = await idle;
        expect(second.cursor).toEqual({ ...first.cursor, revision: 2n });
        expect(second.storeTimeMs).toBeGreaterThan(first.storeTimeMs);
        await place.write(['job', 2n]);
        expect(await frames.lines(1)).toEqual(['3 written ["job",2]']);
      },
    },
    {
      claim:
        'a trimmed history refuses what it no longer has, with the oldest it has, and resumes from there',
      run: async (scene) => {
        const place = await scene.place({ historyMax: 5 });
        for (let i = 1; i <= 12; i++) await place.write(['job', BigInt(i)]);
        const { oldestRevision, revision } = await place.info();
        expect([oldestRevision, revision]).toEqual([7n, 12n]);
        for (let from = 1n; from < oldestRevision; from++) {
          const { details } = await refused(place.watch([], { revision: from }).next(), 'out_of_range');
          expect(details).toMatchObject({ oldestRevision: '7' });
        }
        for (let from = oldestRevision; from <= revision; from++) {
          const count = Number(revision - from);
          const numbers = (await place.watch([], { revision: from }).events(count)).map(
            ({ tuple }) => tuple.values[1],
          );
          expect(numbers).toEqual(Array.from({ length: count }, (_, i) => from + BigInt(i) + 1n));
        }
        expect((await place.watch().snapshot()).tuples).toHaveLength(12);
      },
    },
    {
      claim: 'a step larger than the history is kept whole, and what was before it is gone',
      run: async (scene) => {
        const place = await scene.place({ historyMax: 2 });
        await place.write(['a']);
        await place.write(['b'], ['c'], ['d']);
        expect(await place.info()).toMatchObject({ oldestRevision: 1n });
        expect(await place.watch([], { revision: 1n }).events(3)).toHaveLength(3);
      },
    },
    {
      claim: 'a watch whose place is trimmed away under it delivers without a gap until it refuses',
      run: async (scene) => {
        const place = await scene.place({ historyMax: 5 });
        await place.write(['job', 0n]);
        const frames = place.watch([], { revision: 1n });
        await frames.progress();
        // Nobody asks the watch for frames while more happens than the history keeps.
        for (let i = 1; i <= 500; i++) await place.write(['job', BigInt(i)]);
        const seen: unknown[] = [];
        let end: unknown = 'all delivered';
        try {
          while (seen.length < 500) seen.push((await frames.events(1))[0]?.tuple.values[1]);
        } catch (error) {
          end = error;
        }
        expect(seen).toEqual(seen.map((_, i) => BigInt(i + 1)));
        // A transport may have had all of it under way; a gap, or another end, is never right.
        if (seen.length < 500) expect(end).toMatchObject({ code: 'out_of_range' });
      },
    },
    {
      claim: 'a cursor from the future or from another incarnation is refused',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['job', 1n]);
        const { incarnation } = await place.info();
        await refused(place.watch([], { incarnation, revision: 2n }).next(), 'out_of_range');
        await place.caller.dropSpace({ space: place.space });
        await place.caller.putSpace({ space: place.space, settings: {} });
        await place.write(['job', 1n]);
        await refused(place.watch([], { incarnation, revision: 1n }).next(), 'out_of_range');
        await refused(place.watch([], { incarnation, revision: 0n }).next(), 'out_of_range');
      },
    },
    {
      claim: 'a dropped space ends its watches with not_found',
      run: async (scene) => {
        const place = await scene.place();
        const frames = place.watch();
        await frames.snapshot();
        await frames.progress();
        const next = refused(frames.nextNews(), 'not_found');
        await place.caller.dropSpace({ space: place.space });
        await next;
        expect(await frames.next()).toBeUndefined();
        await refused(place.watch().next(), 'not_found');
      },
    },
    {
      claim: 'a watch ends by its signal or by return, and is counted no more',
      run: async (scene) => {
        const place = await scene.place();
        const cancel = new AbortController();
        const reason = new Error('enough');
        const cancelled = place.watch([], { revision: 0n }, { signal: cancel.signal });
        const returned = place.watch();
        for (const frames of [cancelled, returned]) {
          await frames.snapshot();
          await frames.progress();
        }
        await watchCountIs(place, 2);
        const pending = rejection(cancelled.next());
        cancel.abort(reason);
        expect(await pending).toBe(reason);
        await returned.close();
        await watchCountIs(place, 0);
      },
    },
  ],
};

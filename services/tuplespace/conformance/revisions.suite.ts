/**
 * Promise 2: one revision per step that changes tuples, gapless and in the order of the steps; a step that
 * relies on an expiry logs that expiry first.
 */
import { any, template } from '../template.js';
import type { CheckGroup } from './subject.suite.js';

const job = template('job', any);

export const revisionChecks: CheckGroup = {
  topic: 'revisions',
  checks: [
    {
      claim: 'a space begins at revision 0',
      run: async (scene) => {
        const place = await scene.place();
        expect(await place.info()).toMatchObject({ revision: 0n, oldestRevision: 0n });
      },
    },
    {
      claim: 'every step that changes tuples is one revision, however many tuples it changes',
      run: async (scene) => {
        const place = await scene.place();
        expect(
          await place.writeWith({
            tuples: [
              ['job', 1n],
              ['job', 2n],
              ['job', 3n],
            ],
          }),
        ).toMatchObject({ revision: 1n });
        expect(await place.take(job, { max: 2 })).toMatchObject({ revision: 2n });
        const held = await place.take(job, { holdMs: scene.longMs });
        expect(held.revision).toBe(3n);
        expect(await place.settle(held.holdToken, { kind: 'release' })).toMatchObject({ revision: 4n });
        const again = await place.take(job, { holdMs: scene.longMs });
        const done = await place.settle(again.holdToken, {
          kind: 'commit',
          tuples: [
            ['done', 1n],
            ['done', 2n],
          ],
        });
        expect(done).toMatchObject({ revision: 6n });
        expect(done.ids).toHaveLength(2);
        expect(await place.revision()).toBe(6n);
      },
    },
    {
      claim: 'a commit takes and writes in one revision',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['job', 1n], ['job', 2n]);
        const frames = place.watch([], { revision: 1n });
        const { holdToken } = await place.take(job, { max: 2, holdMs: scene.longMs });
        await place.settle(holdToken, { kind: 'commit', tuples: [['done', 1n]] });
        expect(await frames.lines(5)).toEqual([
          '2 held ["job",1]',
          '2 held ["job",2]',
          '3 taken ["job",1]',
          '3 taken ["job",2]',
          '3 written ["done",1]',
        ]);
      },
    },
    {
      claim: 'a step that changes no tuple makes no revision',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['job', 1n]);
        await place.read(job);
        await place.take(template('none'));
        await place.writeWith({ tuples: [['job', 2n]], unless: job });
        const { leaseId } = await place.lease({ ttlMs: scene.longMs });
        await place.lease({ leaseId, ttlMs: scene.longMs });
        await place.lease({ leaseId, ttlMs: 0 });
        const { holdToken, revision } = await place.take(job, { holdMs: scene.longMs });
        expect(revision).toBe(2n);
        expect(await place.settle(holdToken, { kind: 'extend', holdMs: scene.longMs })).toMatchObject({
          revision: 2n,
        });
        expect(await place.revision()).toBe(2n);
      },
    },
    {
      claim: 'revisions count per space',
      run: async (scene) => {
        const here = await scene.place();
        const there = await scene.place();
        await here.write(['a']);
        await there.write(['a']);
        expect(await here.writeWith({ tuples: [['b']] })).toMatchObject({ revision: 2n });
      },
    },
    {
      claim: 'revisions and ids of many writers at once have no gap and no repetition',
      run: async (scene) => {
        const place = await scene.place();
        const callers = await Promise.all(Array.from({ length: 4 }, () => scene.client()));
        const frames = place.watch([template('n', any)]);
        await frames.snapshot();
        const answers = await Promise.all(
          Array.from({ length: 40 }, (_, i) =>
            place.as(callers[i % 4] ?? place.caller).writeWith({ tuples: [['n', BigInt(i)]] }),
          ),
        );
        const revisions = answers.map(({ revision }) => Number(revision)).sort((left, right) => left - right);
        expect(revisions).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
        const events = await frames.events(40);
        expect(events.map(({ cursor }) => Number(cursor.revision))).toEqual(revisions);
        expect(events.map(({ tuple }) => tuple.id)).toEqual(
          events.map(({ tuple }) => tuple.id).sort((left, right) => Number(left - right)),
        );
      },
    },
    {
      claim: 'an expiry that a step relies on is logged before it, what was due first being first',
      run: async (scene) => {
        const place = await scene.place();
        await place.writeWith({ tuples: [['late'], ['late']], ttlMs: 2 * scene.unitMs });
        await place.writeWith({ tuples: [['early']], ttlMs: scene.unitMs });
        const frames = place.watch([], { revision: 2n });
        await scene.elapse(3 * scene.unitMs);
        const answer = await place.writeWith({ tuples: [['new']], unless: template('late') });
        expect(answer).toMatchObject({ kind: 'written', revision: 5n });
        expect(await frames.lines(4)).toEqual([
          '3 expired ["early"]',
          '4 expired ["late"]',
          '4 expired ["late"]',
          '5 written ["new"]',
        ]);
      },
    },
    {
      claim: 'expiry happens in its time, without a call',
      run: async (scene) => {
        const place = await scene.place();
        await place.writeWith({ tuples: [['early']], ttlMs: scene.unitMs });
        const frames = place.watch([], { revision: 1n });
        const expired = frames.lines(1);
        await scene.elapse(2 * scene.unitMs);
        expect(await expired).toEqual(['2 expired ["early"]']);
      },
    },
    {
      claim: "the store's time never runs back",
      run: async (scene) => {
        const client = await scene.client();
        let lastMs = 0;
        for (let i = 0; i < 20; i++) {
          const { storeTimeMs } = await client.getInfo();
          expect(storeTimeMs).toBeGreaterThanOrEqual(lastMs);
          lastMs = storeTimeMs;
        }
        await scene.elapse(scene.unitMs);
        expect((await client.getInfo()).storeTimeMs).toBeGreaterThanOrEqual(lastMs + scene.unitMs);
      },
    },
  ],
};

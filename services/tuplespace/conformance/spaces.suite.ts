/**
 * Spaces themselves: made, listed, dropped, described.
 */
import { randomUUID } from 'node:crypto';
import { any, template } from '../template.js';
import { allRefused, invalid, refused } from './refusals.suite.js';
import type { CheckGroup } from './subject.suite.js';

const job = template('job', any);

export const spaceChecks: CheckGroup = {
  topic: 'spaces',
  checks: [
    {
      claim: 'a space that nobody made is not found, by any call',
      run: async (scene) => {
        const client = await scene.client();
        const space = 'check/nobody-made-this';
        await allRefused(
          [
            client.write({ space, tuples: [['a']] }),
            client.read({ space, templates: [job] }),
            client.take({ space, templates: [job], waitMs: scene.unitMs }),
            client.settle({ space, holdToken: 'hold', action: { kind: 'release' } }),
            client.lease({ space, ttlMs: scene.unitMs }),
            client.explain({ space, template: job }),
            client.dropSpace({ space }),
            scene.orchestrator.readAudit({ space }),
            client
              .watch({ space, templates: [], from: { revision: 0n } })
              [Symbol.asyncIterator]()
              .next(),
          ],
          'not_found',
        );
      },
    },
    {
      claim: 'the same settings again are the same space, others are refused',
      run: async (scene) => {
        const place = await scene.place({
          limits: { tuplesMax: 10 },
          uniqueRules: [
            { name: 'one', template: template('a', 1n, new Uint8Array([1])), fields: [0], isPerWriter: true },
          ],
        });
        await place.write(['a']);
        const { incarnation, settings } = await place.info();
        const again = await (await scene.client()).putSpace({ space: place.space, settings });
        expect(again).toEqual({ incarnation, isNew: false, revision: 1n });
        for (const other of [
          {},
          { ...settings, historyMax: 10 },
          { ...settings, limits: { tuplesMax: 11 } },
        ]) {
          await refused(place.caller.putSpace({ space: place.space, settings: other }), 'already_exists');
        }
        expect(await place.info()).toMatchObject({ incarnation, tupleCount: 1 });
      },
    },
    {
      claim: 'a dropped space is gone with all it held, and a new one by its name is another',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['job', 1n]);
        const { incarnation } = await place.info();
        const { holdToken } = await place.take(job, { holdMs: scene.longMs });
        await place.caller.dropSpace({ space: place.space });
        await refused(place.read(job), 'not_found');
        const made = await place.caller.putSpace({ space: place.space, settings: {} });
        expect(made).toMatchObject({ isNew: true, revision: 0n });
        expect(made.incarnation).not.toBe(incarnation);
        expect(await place.count(job, true)).toBe(0);
        await refused(place.settle(holdToken, { kind: 'release' }), 'not_found');
      },
    },
    {
      claim: 'spaces of rounds are for orchestrators to make, and the control space for them and nodes',
      run: async (scene) => {
        const round = `round-${randomUUID()}`;
        const { as: node } = await scene.enrol('node');
        const client = await scene.client();
        await allRefused(
          [
            node.putSpace({ space: round, settings: {} }),
            client.putSpace({ space: round, settings: {} }),
            client.putSpace({ space: 'control', settings: {} }),
          ],
          'permission_denied',
        );
        const made = await scene.orchestrator.putSpace({ space: round, settings: {} });
        expect(made).toMatchObject({ isNew: true });
        await refused(client.putSpace({ space: round, settings: {} }), 'permission_denied');
        const { refusals } = await scene.orchestrator.readAudit({ space: round });
        expect(refusals).toMatchObject([{ rule: 'kind', count: 1 }]);
        await scene.orchestrator.dropSpace({ space: round });
        await node.putSpace({ space: 'control', settings: {} });
        await scene.orchestrator.dropSpace({ space: 'control' });
      },
    },
    {
      claim: 'only the creator of a space or an orchestrator drops it',
      run: async (scene) => {
        const place = await scene.place();
        const stranger = await scene.client();
        await refused(stranger.dropSpace({ space: place.space }), 'permission_denied');
        await refused(stranger.dropSpace({ space: 'default' }), 'permission_denied');
        await scene.orchestrator.dropSpace({ space: place.space });
        await refused(place.read(job), 'not_found');
      },
    },
    {
      claim: 'the default space survives its drop, empty',
      run: async (scene) => {
        const client = await scene.client();
        await client.write({ space: 'default', tuples: [['job', 1n]] });
        await scene.orchestrator.dropSpace({ space: 'default' });
        const { count } = await client.read({ space: 'default', templates: [job], countOnly: true });
        expect(count).toBe(0);
      },
    },
    {
      claim: 'spaces are listed by name, page by page',
      run: async (scene) => {
        const root = await scene.place();
        const names = ['c', 'a', 'b', 'd', 'e'].map((name) => `${root.space}/${name}`);
        for (const space of names) await root.caller.putSpace({ space, settings: {} });
        const prefix = `${root.space}/`;
        const first = await root.caller.listSpaces({ prefix, limit: 3 });
        expect(first.spaces.map(({ space }) => space)).toEqual([...names].sort().slice(0, 3));
        expect(first.nextAfterSpace).toBe(`${prefix}c`);
        const second = await root.caller.listSpaces({ prefix, limit: 3, afterSpace: `${prefix}c` });
        expect(second.spaces.map(({ space }) => space)).toEqual([`${prefix}d`, `${prefix}e`]);
        expect(second.nextAfterSpace).toBeUndefined();
        await invalid(root.caller.listSpaces({ limit: 1_001 }), 'limit');
      },
    },
    {
      claim: 'a listed space tells its creator, its settings and its counts',
      run: async (scene) => {
        const { as, caller } = await scene.enrol('client');
        const settings = { limits: { tuplesMax: 7 }, historyMax: 9 };
        const place = await scene.place(settings, as);
        await place.write(['job', 1n], ['job', 2n]);
        await place.take(job, { holdMs: 3 * scene.unitMs });
        await place.lease({ ttlMs: 3 * scene.unitMs });
        const waiting = place.read(template('none'), { waitMs: 3 * scene.unitMs });
        await place.blockedCount(1);
        expect(await place.info()).toMatchObject({
          space: place.space,
          creator: caller.id,
          revision: 2n,
          oldestRevision: 0n,
          tupleCount: 2,
          heldCount: 1,
          leaseCount: 1,
          waiterCount: 1,
          watchCount: 0,
          settings,
        });
        expect(await as.explain({ space: place.space, template: job })).toMatchObject({ waiterCount: 1 });
        await scene.elapse(4 * scene.unitMs);
        await waiting;
        expect(await place.info()).toMatchObject({ heldCount: 0, leaseCount: 0, waiterCount: 0 });
      },
    },
    {
      claim: 'the service says what it runs on',
      run: async (scene) => {
        const place = await scene.place();
        const info = await place.caller.getInfo();
        expect(info).toMatchObject({
          backend: expect.stringMatching(/^(memory|redis|postgres)$/),
          durability: expect.stringMatching(/^(process|store-process|power-loss)$/),
          instanceId: expect.stringMatching(/./),
          version: expect.any(String),
        });
        expect(info.spaceCount).toBeGreaterThanOrEqual(2);
        expect(info.limits.arityMax).toBeGreaterThanOrEqual(16);
        expect((await place.caller.getInfo()).instanceId).toBe(info.instanceId);
      },
    },
  ],
};

/**
 * Who calls: tokens, what each kind of caller may do, and the fence of epochs.
 */
import { randomUUID } from 'node:crypto';
import { createToken, hashToken } from '../caller.js';
import { any, template } from '../template.js';
import { valuesOf } from './place.suite.js';
import { allRefused, invalid, refused } from './refusals.suite.js';
import type { CheckGroup } from './subject.suite.js';

const job = template('job', any);

export const callerChecks: CheckGroup = {
  topic: 'callers',
  checks: [
    {
      claim: 'the writer of a tuple is the caller of its write, whatever the tuple says',
      run: async (scene) => {
        const place = await scene.place();
        const general = place.as(await scene.general(place, { id: 'general-7', epoch: 3 }));
        const anonymous = place.as(scene.subject.as(''));
        await general.write(['vote', 'general-1']);
        await anonymous.write(['vote', 'general-2']);
        const { tuples } = await place.read(template('vote', any));
        expect(tuples.map(({ writer, writerEpoch }) => [writer, writerEpoch])).toEqual([
          ['general-7', 3],
          ['anonymous', 0],
        ]);
      },
    },
    {
      claim: 'a commit stamps the caller of the settle',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['job', 1n]);
        const { holdToken } = await place.take(job, { holdMs: scene.longMs });
        const general = place.as(await scene.general(place));
        await general.settle(holdToken, { kind: 'commit', tuples: [['job', 2n]] });
        expect((await place.read(job)).tuples).toMatchObject([{ writer: 'general-1', writerEpoch: 1 }]);
      },
    },
    {
      claim: 'a token that nobody made is refused, by every call but enrol',
      run: async (scene) => {
        const place = await scene.place();
        const stranger = scene.subject.as(createToken());
        const lost = place.as(stranger);
        await allRefused(
          [
            lost.write(['a']),
            lost.read(job),
            lost.take(job),
            lost.settle('hold', { kind: 'release' }),
            lost.lease({ ttlMs: scene.longMs }),
            lost.watch().next(),
            lost.info(),
            stranger.putSpace({ space: place.space, settings: {} }),
            stranger.dropSpace({ space: place.space }),
            stranger.explain({ space: place.space, template: job }),
            stranger.readAudit({ space: place.space }),
            stranger.getInfo(),
            stranger.revokeToken({ tokenHash: hashToken('x') }),
          ],
          'unauthenticated',
        );
        const { caller } = await stranger.enrol({
          kind: 'client',
          id: 'late',
          secret: scene.subject.enrolmentSecret,
        });
        expect(caller).toEqual({ kind: 'client', id: 'late', epoch: 0 });
      },
    },
    {
      claim: 'enrolment asks for the secret, and keeps reserved names',
      run: async (scene) => {
        const door = scene.subject.as('');
        const secret = scene.subject.enrolmentSecret;
        await refused(door.enrol({ kind: 'node', id: 'node-1', secret: `${secret}x` }), 'unauthenticated');
        for (const id of ['orchestrator', 'general-1', 'anonymous', '', 'a b', 'x'.repeat(65)]) {
          await invalid(door.enrol({ kind: 'node', id, secret }), 'id');
        }
      },
    },
    {
      claim: 'who enrols again gets another token, and both are good',
      run: async (scene) => {
        const id = `node-${randomUUID()}`;
        const first = await scene.enrol('node', id);
        const second = await scene.enrol('node', id);
        expect(second.token).not.toBe(first.token);
        const place = await scene.place({}, first.as);
        await place.write(['a']);
        await place.as(second.as).write(['b']);
        const writers = (await place.read(template(any))).tuples.map(({ writer }) => writer);
        expect(writers).toEqual([id, id]);
      },
    },
    {
      claim: 'a revoked token is refused from the next step on: for calls, for waits and for watches',
      run: async (scene) => {
        const place = await scene.place();
        const { as, tokenHash } = await scene.admit({ kind: 'client', id: 'revoked', epoch: 0 });
        const seen = place.as(as);
        const take = refused(seen.take(job, { waitMs: scene.longMs }), 'unauthenticated');
        await place.blockedCount(1);
        const frames = seen.watch();
        await frames.snapshot();
        await frames.progress();
        const next = refused(frames.nextNews(), 'unauthenticated');
        await scene.orchestrator.revokeToken({ tokenHash });
        await refused(seen.read(job), 'unauthenticated');
        await place.write(['job', 1n]);
        await Promise.all([take, next]);
        expect(await place.values(job)).toEqual([['job', 1n]]);
        await place.blockedCount(0);
        await refused(scene.orchestrator.revokeToken({ tokenHash }), 'not_found');
      },
    },
    {
      claim: 'a token is refused from its expiry on, and a wait that outlives it gets nothing',
      run: async (scene) => {
        const place = await scene.place();
        const { storeTimeMs } = await scene.orchestrator.getInfo();
        const expiresAtMs = storeTimeMs + 3 * scene.unitMs;
        const { as } = await scene.admit({ kind: 'client', id: 'passing', epoch: 0, expiresAtMs });
        const seen = place.as(as);
        await seen.write(['other']);
        const take = refused(seen.take(job, { waitMs: scene.longMs }), 'unauthenticated');
        await place.blockedCount(1);
        await scene.elapse(4 * scene.unitMs);
        await refused(seen.write(['other']), 'unauthenticated');
        await place.write(['job', 1n]);
        await take;
        expect(await place.count(job)).toBe(1);
      },
    },
    {
      claim: 'a time to live begins with the step that puts the token, and no second one prolongs it',
      run: async (scene) => {
        const { orchestrator } = scene;
        const place = await scene.place();
        const token = createToken();
        const caller = {
          kind: 'general',
          id: 'general-1',
          epoch: 1,
          node: 'node-1',
          space: place.space,
        } as const;
        const put = { tokenHash: hashToken(token), caller, ttlMs: 3 * scene.unitMs };
        await orchestrator.putToken(put);
        const general = place.as(scene.subject.as(token));
        await general.write(['vote']);
        const frames = general.watch([], { revision: 1n });
        await frames.progress();
        const next = refused(frames.nextNews(), 'unauthenticated');
        await scene.elapse(2 * scene.unitMs);
        await orchestrator.putToken({ ...put, ttlMs: scene.longMs });
        await scene.elapse(2 * scene.unitMs);
        await allRefused(
          [
            general.write(['vote']),
            general.read(job),
            general.take(job),
            general.lease({ ttlMs: scene.longMs }),
            general.watch().next(),
          ],
          'unauthenticated',
        );
        await place.write(['other']);
        await next;
        await refused(orchestrator.putToken({ tokenHash: put.tokenHash, caller }), 'already_exists');
      },
    },
    {
      claim: "a general's token is good for its space only",
      run: async (scene) => {
        const place = await scene.place();
        const elsewhere = await scene.place();
        const general = await scene.general(place);
        await place.as(general).write(['vote']);
        const foreign = elsewhere.as(general);
        await allRefused(
          [
            foreign.write(['vote']),
            foreign.read(job),
            foreign.take(job),
            foreign.watch().next(),
            general.explain({ space: elsewhere.space, template: job }),
            general.dropSpace({ space: elsewhere.space }),
            general.putSpace({ space: elsewhere.space, settings: {} }),
          ],
          'permission_denied',
        );
        const { spaces } = await general.listSpaces({});
        expect(spaces.map(({ space }) => space)).toEqual([place.space]);
      },
    },
    {
      claim: 'a higher epoch fences the lower ones of its seat: for calls, for waits and for watches',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['job', 1n]);
        const old = place.as(await scene.general(place, { epoch: 1 }));
        const hold = await old.take(job, { holdMs: scene.longMs });
        const take = refused(old.take(template('mail'), { waitMs: scene.longMs }), 'failed_precondition');
        await place.blockedCount(1);
        const frames = old.watch([], { revision: 2n });
        await frames.progress();
        const next = refused(frames.nextNews(), 'failed_precondition');
        const young = place.as(await scene.general(place, { epoch: 2 }));
        await allRefused(
          [
            old.write(['vote']),
            old.read(job),
            old.take(job),
            old.settle(hold.holdToken, { kind: 'commit', tuples: [['vote']] }),
            old.lease({ ttlMs: scene.longMs }),
            old.watch().next(),
          ],
          'failed_precondition',
        );
        await young.write(['mail']);
        await Promise.all([take, next]);
        expect(await young.count(template('mail'))).toBe(1);
        expect(await place.count(template('vote'))).toBe(0);
      },
    },
    {
      claim: 'epochs fence per seat: not other generals, and not the same general elsewhere',
      run: async (scene) => {
        const place = await scene.place();
        const elsewhere = await scene.place();
        const one = place.as(await scene.general(place, { id: 'general-1', epoch: 1 }));
        const far = elsewhere.as(await scene.general(elsewhere, { id: 'general-1', epoch: 1 }));
        await scene.general(place, { id: 'general-2', epoch: 5 });
        await one.write(['a']);
        await far.write(['a']);
        await scene.general(place, { id: 'general-1', epoch: 2 });
        await refused(one.write(['a']), 'failed_precondition');
        await far.write(['a']);
        await refused(scene.general(place, { id: 'general-1', epoch: 1 }), 'failed_precondition');
      },
    },
    {
      claim: 'a write of a past epoch goes to the audit, with the node that its token is bound to',
      run: async (scene) => {
        const place = await scene.place();
        const old = place.as(await scene.general(place, { epoch: 1, node: 'node-1' }));
        await scene.general(place, { epoch: 2, node: 'node-2' });
        await refused(old.write(['vote', 1n], ['vote', 2n]), 'failed_precondition');
        const { entries } = await scene.orchestrator.readAudit({ space: place.space });
        expect(entries).toMatchObject([
          {
            sequence: 1,
            callerId: 'general-1',
            callerEpoch: 1,
            callerNode: 'node-1',
            rule: 'epoch',
            tuple: ['vote', 1n],
            standingId: 0n,
          },
        ]);
      },
    },
    {
      claim: 'only an orchestrator puts tokens, revokes them and reads the audit',
      run: async (scene) => {
        const place = await scene.place();
        const { as: node } = await scene.enrol('node');
        for (const caller of [place.caller, node, await scene.general(place), scene.subject.as('')]) {
          const tokenHash = hashToken(createToken());
          await refused(
            caller.putToken({ tokenHash, caller: { kind: 'client', id: 'x', epoch: 0 } }),
            'permission_denied',
          );
          await refused(caller.revokeToken({ tokenHash }), 'permission_denied');
          await refused(caller.readAudit({ space: place.space }), 'permission_denied');
        }
      },
    },
    {
      claim: 'a viewer reads and watches, and changes nothing',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['job', 1n]);
        const { as } = await scene.enrol('viewer');
        const viewer = place.as(as);
        expect(await viewer.values(job)).toEqual([['job', 1n]]);
        expect(valuesOf(await viewer.watch().snapshot())).toEqual([['job', 1n]]);
        await allRefused(
          [
            viewer.write(['a']),
            viewer.take(job),
            viewer.settle('hold', { kind: 'release' }),
            viewer.lease({ ttlMs: scene.longMs }),
            as.putSpace({ space: `${place.space}/x`, settings: {} }),
            as.dropSpace({ space: place.space }),
          ],
          'permission_denied',
        );
      },
    },
    {
      claim: 'a token is put once for one caller, and malformed ones not at all',
      run: async (scene) => {
        const { orchestrator } = scene;
        const { space } = await scene.place();
        const tokenHash = hashToken(createToken());
        const caller = { kind: 'general', id: 'general-1', epoch: 1, space } as const;
        await orchestrator.putToken({ tokenHash, caller });
        await orchestrator.putToken({ tokenHash, caller });
        await refused(
          orchestrator.putToken({ tokenHash, caller: { ...caller, id: 'general-2' } }),
          'already_exists',
        );
        await refused(
          orchestrator.putToken({ tokenHash, caller: { ...caller, node: 'node-1' } }),
          'already_exists',
        );
        // This one never expires.
        await refused(orchestrator.putToken({ tokenHash, caller, ttlMs: scene.longMs }), 'already_exists');
        await invalid(orchestrator.putToken({ tokenHash: 'abc', caller }), 'tokenHash');
        await invalid(orchestrator.putToken({ tokenHash, caller: { ...caller, epoch: 0 } }), 'caller.epoch');
        await invalid(
          orchestrator.putToken({ tokenHash, caller: { ...caller, kind: 'node' } }),
          'caller.epoch',
        );
        await invalid(
          orchestrator.putToken({ tokenHash, caller: { ...caller, node: 'a b' } }),
          'caller.node',
        );
        const client = { kind: 'client', id: 'client-1', epoch: 0, node: 'node-1' } as const;
        await invalid(orchestrator.putToken({ tokenHash, caller: client }), 'caller.node');
        await invalid(orchestrator.putToken({ tokenHash, caller, ttlMs: -1 }), 'ttlMs');
        await invalid(
          orchestrator.putToken({ tokenHash, caller: { ...caller, expiresAtMs: 1 }, ttlMs: 1 }),
          'ttlMs',
        );
        const homeless = { kind: 'general', id: 'general-1', epoch: 1 } as const;
        await invalid(orchestrator.putToken({ tokenHash, caller: homeless }), 'caller.space');
      },
    },
  ],
};

/**
 * Unique rules: one tuple per slot, the first; a repetition is the same write, another one is refused and
 * recorded.
 */
import type { SpaceSettings, UniqueRule } from '../space.js';
import { any, anyOf, template } from '../template.js';
import type { Tuple } from '../tuple.js';
import { refused } from './refusals.suite.js';
import type { CheckGroup } from './subject.suite.js';

/** One vote per general and phase, whoever writes it. */
const perField: UniqueRule = {
  name: 'vote',
  template: template('vote', any, any, any),
  fields: [1, 2],
  isPerWriter: false,
};

/** One message per writer, phase and recipient: proposals and votes share their slots. */
const perWriter: readonly UniqueRule[] = [
  { name: 'message', template: template('vote', any, any, any), fields: [1, 2], isPerWriter: true },
  { name: 'message', template: template('proposal', any, any), fields: [1, 2], isPerWriter: true },
];

function withRules(...uniqueRules: UniqueRule[]): SpaceSettings {
  return { uniqueRules };
}

const votes = template('vote', any, any, any);

export const uniqueChecks: CheckGroup = {
  topic: 'unique rules',
  checks: [
    {
      claim: 'the first tuple of a slot stands, another is refused with its name and goes to the audit',
      run: async (scene) => {
        const place = await scene.place(withRules(perField));
        const [standing] = await place.write(['vote', 'a', 1n, 'Attack']);
        const { details } = await refused(place.write(['vote', 'a', 1n, 'Retreat']), 'already_exists');
        expect(details).toMatchObject({ rule: 'vote', standingId: String(standing) });
        expect(await place.values(votes)).toEqual([['vote', 'a', 1n, 'Attack']]);
        expect(await place.revision()).toBe(1n);
        const { entries, droppedCount } = await scene.orchestrator.readAudit({ space: place.space });
        expect(entries).toMatchObject([
          {
            sequence: 1,
            rule: 'vote',
            tuple: ['vote', 'a', 1n, 'Retreat'],
            standingId: standing,
            callerEpoch: 0,
          },
        ]);
        expect(droppedCount).toBe(0);
      },
    },
    {
      claim: 'other slots, and tuples that the rule is not for, are free',
      run: async (scene) => {
        const place = await scene.place(withRules(perField));
        await place.write(
          ['vote', 'a', 1n, 'x'],
          ['vote', 'a', 2n, 'x'],
          ['vote', 'b', 1n, 'x'],
          ['vote', 'a', 1, 'x'],
        );
        await place.write(
          ['vote', 'a', 1n],
          ['vote', 'a', 1n],
          ['other', 'a', 1n, 'x'],
          ['other', 'a', 1n, 'y'],
        );
        expect(await place.count(votes)).toBe(4);
      },
    },
    {
      claim: 'an equal tuple is the same write: it gives the first id and makes no revision',
      run: async (scene) => {
        const place = await scene.place(withRules(perField));
        const ids = await place.write(['vote', 'a', 1n, 'x'], ['vote', 'b', 1n, 'x']);
        const again = await place.writeWith({
          tuples: [
            ['vote', 'b', 1n, 'x'],
            ['vote', 'a', 1n, 'x'],
          ],
        });
        expect(again).toEqual({ kind: 'written', ids: [...ids].reverse(), revision: 1n });
        const mixed = await place.writeWith({
          tuples: [
            ['vote', 'a', 1n, 'x'],
            ['vote', 'c', 1n, 'x'],
          ],
        });
        expect(mixed).toMatchObject({ kind: 'written', revision: 2n });
        expect(mixed.kind === 'written' && mixed.ids[0]).toBe(ids[0]);
        expect(await place.count(votes)).toBe(3);
      },
    },
    {
      claim: 'a write with one conflict writes nothing of the rest',
      run: async (scene) => {
        const place = await scene.place(withRules(perField));
        await place.write(['vote', 'a', 1n, 'x']);
        await refused(
          place.write(['vote', 'b', 1n, 'x'], ['vote', 'a', 1n, 'y'], ['other']),
          'already_exists',
        );
        expect(await place.info()).toMatchObject({ tupleCount: 1, revision: 1n });
      },
    },
    {
      claim: 'two tuples of one write conflict with each other, and equal ones are one',
      run: async (scene) => {
        const place = await scene.place(withRules(perField));
        const conflict: Tuple[] = [
          ['vote', 'a', 1n, 'x'],
          ['vote', 'a', 1n, 'y'],
        ];
        const { details } = await refused(place.write(...conflict), 'already_exists');
        expect(details).toMatchObject({ rule: 'vote', standingId: '0' });
        const ids = await place.write(['vote', 'a', 1n, 'x'], ['vote', 'a', 1n, 'x']);
        expect(ids[1]).toBe(ids[0]);
        expect(await place.count(votes)).toBe(1);
      },
    },
    {
      claim: 'of writers racing for one slot one wins',
      run: async (scene) => {
        const place = await scene.place(withRules(perField));
        const results = await Promise.all(
          Array.from({ length: 10 }, async (_, i) => {
            const writing = place.as(await scene.client()).write(['vote', 'a', 1n, BigInt(i)]);
            return writing.then(
              () => 'won',
              (error: { code: string }) => error.code,
            );
          }),
        );
        expect(results.filter((result) => result === 'won')).toHaveLength(1);
        expect(results.filter((result) => result === 'already_exists')).toHaveLength(9);
        expect(await place.count(votes)).toBe(1);
      },
    },
    {
      claim: 'slots per writer are apart for each writer',
      run: async (scene) => {
        const place = await scene.place(withRules(...perWriter));
        const one = place.as(await scene.general(place, { id: 'general-1' }));
        const two = place.as(await scene.general(place, { id: 'general-2' }));
        await one.write(['vote', 1n, 'general-3', 'x']);
        await two.write(['vote', 1n, 'general-3', 'y']);
        await refused(two.write(['vote', 1n, 'general-3', 'x']), 'already_exists');
        expect(await place.count(votes)).toBe(2);
      },
    },
    {
      claim: 'rules that share a name share their slots',
      run: async (scene) => {
        const place = await scene.place(withRules(...perWriter));
        const one = place.as(await scene.general(place, { id: 'general-1' }));
        const two = place.as(await scene.general(place, { id: 'general-2' }));
        await one.write(['vote', 1n, 'general-3', 'x']);
        await refused(one.write(['proposal', 1n, 'general-3']), 'already_exists');
        await two.write(['proposal', 1n, 'general-3']);
        await one.write(['proposal', 2n, 'general-3']);
        expect((await scene.orchestrator.readAudit({ space: place.space })).entries).toMatchObject([
          { rule: 'message', callerId: 'general-1', tuple: ['proposal', 1n, 'general-3'] },
        ]);
      },
    },
    {
      claim: 'a later epoch of a seat speaks into the same slots',
      run: async (scene) => {
        const place = await scene.place(withRules(...perWriter));
        const first = place.as(await scene.general(place, { epoch: 1 }));
        const [id] = await first.write(['vote', 1n, 'general-3', 'x']);
        const second = place.as(await scene.general(place, { epoch: 2 }));
        expect(await second.write(['vote', 1n, 'general-3', 'x'])).toEqual([id]);
        await refused(second.write(['vote', 1n, 'general-3', 'y']), 'already_exists');
      },
    },
    {
      claim: 'a slot is free again when its tuple is taken or expires, but not while it is held',
      run: async (scene) => {
        const place = await scene.place(withRules(perField));
        const vote = (value: string): Tuple => ['vote', 'a', 1n, value];
        await place.write(vote('first'));
        const hold = await place.take(votes, { holdMs: scene.longMs });
        await refused(place.write(vote('second')), 'already_exists');
        await place.settle(hold.holdToken, { kind: 'release' });
        await refused(place.write(vote('second')), 'already_exists');
        await place.take(votes);
        await place.writeWith({ tuples: [vote('second')], ttlMs: scene.unitMs });
        await scene.elapse(2 * scene.unitMs);
        const { leaseId } = await place.lease({ ttlMs: scene.longMs });
        await place.writeWith({ tuples: [vote('third')], leaseId });
        await place.lease({ leaseId, ttlMs: 0 });
        await place.write(vote('fourth'));
        expect(await place.values(votes)).toEqual([vote('fourth')]);
      },
    },
    {
      claim: 'a commit obeys the rules, and may fill the slots that it frees',
      run: async (scene) => {
        const place = await scene.place(withRules(perField));
        await place.write(['vote', 'a', 1n, 'x'], ['vote', 'b', 1n, 'x']);
        const { holdToken } = await place.take(template('vote', 'a', any, any), { holdMs: scene.longMs });
        const conflict = { kind: 'commit', tuples: [['vote', 'b', 1n, 'y']] } as const;
        await refused(place.settle(holdToken, conflict), 'already_exists');
        expect(await place.info()).toMatchObject({ heldCount: 1 });
        await place.settle(holdToken, { kind: 'commit', tuples: [['vote', 'a', 1n, 'y']] });
        expect(await place.values(template('vote', 'a', any, any))).toEqual([['vote', 'a', 1n, 'y']]);
      },
    },
    {
      claim: 'a tuple under several rules needs all of its slots',
      run: async (scene) => {
        const byName: UniqueRule = {
          name: 'name',
          template: template('user', any, any),
          fields: [1],
          isPerWriter: false,
        };
        const byMail: UniqueRule = {
          name: 'mail',
          template: template('user', any, any),
          fields: [2],
          isPerWriter: false,
        };
        const place = await scene.place(withRules(byName, byMail));
        await place.write(['user', 'ann', 'a@x'], ['user', 'bob', 'b@x']);
        const { details } = await refused(place.write(['user', 'cid', 'b@x']), 'already_exists');
        expect(details).toMatchObject({ rule: 'mail' });
        await refused(place.write(['user', 'ann', 'c@x']), 'already_exists');
        await place.take(template('user', 'bob', any));
        await place.write(['user', 'cid', 'b@x']);
      },
    },
    {
      claim: 'fields of every type make slots: different values different ones',
      run: async (scene) => {
        const rule: UniqueRule = {
          name: 'any',
          template: [anyOf('string'), any, any],
          fields: [1],
          isPerWriter: false,
        };
        const place = await scene.place(withRules(rule));
        const keys = [
          1n,
          1,
          '1',
          true,
          'true',
          null,
          'null',
          new Uint8Array([49]),
          ['1'],
          ['1', []],
          [['1']],
          [1n],
        ];
        await place.write(...keys.map((key): Tuple => ['key', key, 'first']));
        for (const key of keys) await refused(place.write(['key', key, 'second']), 'already_exists');
      },
    },
    {
      claim: 'the audit is read page by page',
      run: async (scene) => {
        const place = await scene.place(withRules(perField));
        await place.write(['vote', 'a', 1n, 0n]);
        for (let i = 1n; i <= 5n; i++) await refused(place.write(['vote', 'a', 1n, i]), 'already_exists');
        const first = await scene.orchestrator.readAudit({ space: place.space, limit: 3 });
        expect(first.entries.map(({ tuple }) => tuple[3])).toEqual([1n, 2n, 3n]);
        const afterSequence = first.entries[2]?.sequence ?? 0;
        const second = await scene.orchestrator.readAudit({ space: place.space, afterSequence });
        expect(second.entries.map(({ tuple }) => tuple[3])).toEqual([4n, 5n]);
      },
    },
  ],
};

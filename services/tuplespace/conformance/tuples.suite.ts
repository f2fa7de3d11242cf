/**
 * Promise 1, effects are visible to every later call; and what a space keeps of a tuple.
 */
import { any, template } from '../template.js';
import type { Tuple } from '../tuple.js';
import { valuesOf } from './place.suite.js';
import type { CheckGroup } from './subject.suite.js';

/** One tuple for each corner of each type. */
const corners: readonly Tuple[] = [
  [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)],
  [0, 1, -1.5, Number.MAX_VALUE, Number.MIN_VALUE, -Number.MAX_VALUE],
  ['', 'plain', 'naïve', '\u0000\n"', '\uffff', '😀', 'e\u0301', '\u00e9'],
  [true, false, null],
  [new Uint8Array(), new Uint8Array([0, 255, 128])],
  [[], [[]], [1n, [2, ['three', [null, true, new Uint8Array([4])]]]]],
];

export const tupleChecks: CheckGroup = {
  topic: 'tuples',
  checks: [
    {
      claim: 'a written tuple is there for every call begun after the answer, of any caller',
      run: async (scene) => {
        const place = await scene.place();
        const other = place.as(await scene.client());
        for (const i of [1n, 2n, 3n]) {
          await place.write(['n', i]);
          expect(await other.values(template('n', i))).toEqual([['n', i]]);
        }
        await other.take(template('n', 2n));
        expect(await place.values(template('n', any))).toEqual([
          ['n', 1n],
          ['n', 3n],
        ]);
      },
    },
    {
      claim: 'every value comes back as it was written, in its type',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(...corners);
        const { tuples } = await place.read(corners.map((corner) => corner.map(() => any)));
        expect(tuples.map(({ values }) => values)).toEqual(corners);
      },
    },
    {
      claim: 'every value is found by itself',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(...corners);
        for (const corner of corners) {
          expect(await place.values(template(...corner))).toEqual([corner]);
        }
      },
    },
    {
      claim: 'minus zero is kept as zero',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['zero', -0]);
        const [[, zero] = []] = await place.values(template('zero', -0));
        expect(Object.is(zero, 0)).toBe(true);
      },
    },
    {
      claim: 'equal tuples are distinct',
      run: async (scene) => {
        const place = await scene.place();
        const ids = await place.write(['job', 1n], ['job', 1n]);
        await place.write(['job', 1n]);
        expect(new Set(ids).size).toBe(2);
        expect(await place.count(template('job', 1n))).toBe(3);
        await place.take(template('job', 1n));
        expect(await place.count(template('job', 1n))).toBe(2);
      },
    },
    {
      claim: 'a tuple knows its id, writer, revision and time, and ids rise',
      run: async (scene) => {
        const { caller, as } = await scene.enrol('client');
        const place = await scene.place({}, as);
        const { storeTimeMs: beforeMs } = await as.getInfo();
        const ids = [...(await place.write(['a'], ['b'])), ...(await place.write(['c']))];
        const { tuples } = await place.read(template(any));
        const { storeTimeMs: afterMs } = await as.getInfo();
        expect(tuples.map(({ id }) => id)).toEqual(ids);
        expect([...ids].sort((left, right) => Number(left - right))).toEqual(ids);
        expect(new Set(ids).size).toBe(3);
        expect(tuples.map(({ revision }) => revision)).toEqual([1n, 1n, 2n]);
        for (const tuple of tuples) {
          expect(tuple).toMatchObject({ writer: caller.id, writerEpoch: 0, deliveryCount: 0 });
          expect('expiresAtMs' in tuple && tuple.expiresAtMs !== undefined).toBe(false);
          expect(tuple.writtenAtMs).toBeGreaterThanOrEqual(beforeMs);
          expect(tuple.writtenAtMs).toBeLessThanOrEqual(afterMs);
        }
      },
    },
    {
      claim: 'what a client does to its tuple after the write does not reach the space',
      run: async (scene) => {
        const place = await scene.place();
        const bytes = new Uint8Array([1, 2, 3]);
        const list = ['a', 'b'];
        const writing = place.write(['mine', bytes, list]);
        await writing;
        bytes[0] = 9;
        list.push('c');
        expect(await place.values(template('mine', any, any))).toEqual([
          ['mine', new Uint8Array([1, 2, 3]), ['a', 'b']],
        ]);
      },
    },
    {
      claim: 'what a client does to a tuple it was given does not reach the space',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['yours', new Uint8Array([1, 2, 3])]);
        const [[, bytes] = []] = await place.values(template('yours', any));
        (bytes as Uint8Array)[0] = 9;
        expect(await place.values(template('yours', any))).toEqual([['yours', new Uint8Array([1, 2, 3])]]);
      },
    },
    {
      claim: 'spaces do not see each other',
      run: async (scene) => {
        const here = await scene.place();
        const there = await scene.place();
        await here.write(['only here']);
        expect(await there.values(template(any))).toEqual([]);
        expect(valuesOf(await there.take(template(any)))).toEqual([]);
        expect(await here.count(template(any))).toBe(1);
      },
    },
    {
      claim: 'there is always a space named default',
      run: async (scene) => {
        const client = await scene.client();
        const marker = ['default space', crypto.randomUUID()] as const;
        await client.write({ space: 'default', tuples: [marker] });
        const { tuples } = await client.take({ space: 'default', templates: [template(...marker)] });
        expect(tuples).toHaveLength(1);
      },
    },
    {
      claim: 'a write with unless is blocked by a match, and says which',
      run: async (scene) => {
        const place = await scene.place();
        const leader = template('leader', any);
        const first = await place.writeWith({ tuples: [['leader', 'a']], unless: leader });
        const second = await place.writeWith({ tuples: [['leader', 'b']], unless: leader });
        expect(first.kind).toBe('written');
        expect(second).toMatchObject({ kind: 'blocked', by: { values: ['leader', 'a'] }, revision: 1n });
        expect(await place.values(leader)).toEqual([['leader', 'a']]);
        await place.take(leader);
        const third = await place.writeWith({ tuples: [['leader', 'c']], unless: leader });
        expect(third.kind).toBe('written');
      },
    },
    {
      claim: 'of many writes with the same unless one goes through',
      run: async (scene) => {
        const place = await scene.place();
        const leader = template('leader', any);
        const answers = await Promise.all(
          Array.from({ length: 20 }, async (_, i) =>
            place.as(await scene.client()).writeWith({ tuples: [['leader', BigInt(i)]], unless: leader }),
          ),
        );
        expect(answers.filter(({ kind }) => kind === 'written')).toHaveLength(1);
        expect(await place.count(leader)).toBe(1);
      },
    },
    {
      claim: 'held tuples block a write with unless',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['leader', 'a']);
        await place.take(template('leader', any), { holdMs: scene.longMs });
        const answer = await place.writeWith({ tuples: [['leader', 'b']], unless: template('leader', any) });
        expect(answer).toMatchObject({ kind: 'blocked', by: { values: ['leader', 'a'] } });
      },
    },
  ],
};

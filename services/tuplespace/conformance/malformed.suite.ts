/**
 * What a client may not send: each answer names the field. Nothing of a malformed call has an effect.
 */
import type { SpaceSettings } from '../space.js';
import type { Matcher } from '../template.js';
import { any, between, exact, prefix, template } from '../template.js';
import type { Tuple, Value } from '../tuple.js';
import type { Place } from './place.suite.js';
import { invalid } from './refusals.suite.js';
import type { Scene } from './scene.suite.js';
import type { Check, CheckGroup } from './subject.suite.js';

const job = template('job');

/** Small limits, so that both sides of each are easy to reach. */
const limits = {
  arityMax: 4,
  tupleBytesMax: 200,
  valueBytesMax: 20,
  depthMax: 2,
  writeTuplesMax: 3,
  readTuplesMax: 5,
  templatesMax: 2,
  ttlMsMin: 100,
  ttlMsMax: 60_000,
};

/** A list nested so many times. */
function nested(depth: number): Value {
  return depth === 0 ? 1n : [nested(depth - 1)];
}

/** Tuples that are just allowed. */
const allowed: readonly Tuple[] = [
  ['a', 'b', 'c', 'd'],
  ['é'.repeat(10)],
  [new Uint8Array(20)],
  [nested(2)],
  ['x'.repeat(20), 'x'.repeat(20), 'x'.repeat(20), ['x'.repeat(20), 'x'.repeat(20), 'x'.repeat(20)]],
];

/** Tuples that are not, as the second of a write, and the field that is named. */
const refusedTuples: readonly (readonly [string, Tuple, string])[] = [
  ['no field', [], 'tuples[1]'],
  ['too many fields', ['a', 'b', 'c', 'd', 'e'], 'tuples[1]'],
  ['a text too long in UTF-8', ['a', `${'é'.repeat(10)}e`], 'tuples[1][1]'],
  ['bytes too long', [new Uint8Array(21)], 'tuples[1][0]'],
  ['lists too deep', ['a', nested(3)], 'tuples[1][1][0][0]'],
  ['too large in all', [Array.from({ length: 8 }, () => 'x'.repeat(20))], 'tuples[1]'],
  ['NaN', ['a', Number.NaN], 'tuples[1][1]'],
  ['infinity in a list', ['a', [1, Number.POSITIVE_INFINITY]], 'tuples[1][1][1]'],
];

/** The same for templates, as the second of a read. */
const refusedTemplates: readonly (readonly [string, readonly Matcher[], string])[] = [
  ['no field', [], 'templates[1]'],
  ['too many fields', [any, any, any, any, any], 'templates[1]'],
  ['an exact NaN', [any, exact(Number.NaN)], 'templates[1][1]'],
  ['an exact text too long', [exact('x'.repeat(21))], 'templates[1][0]'],
  ['an exact list too deep', [exact(nested(3))], 'templates[1][0][0][0]'],
  ['a range from NaN', [between({ low: Number.NaN })], 'templates[1][0]'],
  ['a range of two types', [between({ low: 1, high: 2n })], 'templates[1][0]'],
  ['a range without an end', [between({})], 'templates[1][0]'],
  ['a prefix too long', [prefix('x'.repeat(21))], 'templates[1][0]'],
];

/** Single calls that are refused, and the field that is named. */
const refusedCalls: readonly (readonly [string, (place: Place) => Promise<unknown>, string])[] = [
  ['a write without tuples', (place) => place.writeWith({ tuples: [] }), 'tuples'],
  ['a write of too many tuples', (place) => place.write(['a'], ['a'], ['a'], ['a']), 'tuples'],
  ['a time to live too short', (place) => place.writeWith({ tuples: [['a']], ttlMs: 99 }), 'ttlMs'],
  ['a time to live too long', (place) => place.writeWith({ tuples: [['a']], ttlMs: 60_001 }), 'ttlMs'],
  [
    'a time to live beside a lease',
    (place) => place.writeWith({ tuples: [['a']], ttlMs: 100, leaseId: 'l' }),
    'leaseId',
  ],
  [
    'a malformed unless',
    (place) => place.writeWith({ tuples: [['a']], unless: [exact(Number.NaN)] }),
    'unless[0]',
  ],
  [
    'a read without templates',
    (place) => place.caller.read({ space: place.space, templates: [] }),
    'templates',
  ],
  ['a read with too many templates', (place) => place.read([job, job, job]), 'templates'],
  ['a read of too many', (place) => place.read(job, { limit: 6 }), 'limit'],
  ['a read for more than its limit', (place) => place.read(job, { limit: 2, min: 3 }), 'min'],
  ['a take of too many', (place) => place.take(job, { max: 6 }), 'max'],
  ['a take for more than its max', (place) => place.take(job, { max: 2, min: 3 }), 'min'],
  ['a hold too short', (place) => place.take(job, { holdMs: 99 }), 'holdMs'],
  ['a hold too long', (place) => place.take(job, { holdMs: 60_001 }), 'holdMs'],
  ['a take with a lease but no hold', (place) => place.take(job, { leaseId: 'lease' }), 'leaseId'],
  ['a settle without a token', (place) => place.settle('', { kind: 'release' }), 'holdToken'],
  ['an extension too long', (place) => place.settle('hold', { kind: 'extend', holdMs: 60_001 }), 'holdMs'],
  [
    'a commit of a malformed tuple',
    (place) => place.settle('hold', { kind: 'commit', tuples: [[Number.NaN]] }),
    'tuples[0][0]',
  ],
  ['a lease too short', (place) => place.lease({ ttlMs: 99 }), 'ttlMs'],
  ['a lease too long', (place) => place.lease({ ttlMs: 60_001 }), 'ttlMs'],
  ['a revocation of nothing', (place) => place.lease({ ttlMs: 0 }), 'leaseId'],
  [
    'a watch with a malformed template',
    (place) => place.watch([template(Number.NaN)]).next(),
    'templates[0][0]',
  ],
  ['a watch with too many templates', (place) => place.watch([job, job, job]).next(), 'templates'],
  [
    'a request id without a session',
    (place) =>
      place.writeWith({ tuples: [['a']], requestId: { session: '', sequence: 1, lowestUnanswered: 1 } }),
    'requestId.session',
  ],
  [
    'a request id that waits for a later one',
    (place) =>
      place.writeWith({ tuples: [['a']], requestId: { session: 's', sequence: 1, lowestUnanswered: 2 } }),
    'requestId.lowestUnanswered',
  ],
];

/** Settings that are refused, and the field that is named. */
const refusedSettings: readonly (readonly [string, SpaceSettings, string])[] = [
  ['a limit over its ceiling', { limits: { arityMax: 1_000 } }, 'settings.limits.arityMax'],
  [
    'a rule without a name',
    { uniqueRules: [{ name: '', template: job, fields: [0], isPerWriter: false }] },
    'settings.uniqueRules[0].name',
  ],
  [
    'a rule on a field that its template lacks',
    { uniqueRules: [{ name: 'r', template: job, fields: [1], isPerWriter: false }] },
    'settings.uniqueRules[0].fields[0]',
  ],
];

function malformed(what: string, run: (scene: Scene, place: Place) => Promise<void>): Check {
  return {
    claim: `${what} is refused`,
    run: async (scene) => {
      const place = await scene.place({ limits });
      await run(scene, place);
      expect(await place.info()).toMatchObject({
        revision: 0n,
        waiterCount: 0,
        watchCount: 0,
        leaseCount: 0,
      });
    },
  };
}

export const malformedChecks: CheckGroup = {
  topic: 'malformed calls',
  checks: [
    {
      claim: 'a tuple just within the limits is kept',
      run: async (scene) => {
        const place = await scene.place({ limits });
        for (const tuple of allowed) {
          await place.write(tuple);
          expect(await place.values(template(...tuple))).toEqual([tuple]);
        }
      },
    },
    ...refusedTuples.map(([what, tuple, field]) =>
      malformed(`a tuple with ${what}`, (_, place) => invalid(place.write(['fine'], tuple), field)),
    ),
    ...refusedTemplates.map(([what, wanted, field]) =>
      malformed(`a template with ${what}`, (_, place) => invalid(place.read([job, wanted]), field)),
    ),
    ...refusedCalls.map(([what, call, field]) => malformed(what, (_, place) => invalid(call(place), field))),
    ...refusedSettings.map(([what, settings, field]) =>
      malformed(what, (_, place) =>
        invalid(place.caller.putSpace({ space: `${place.space}/other`, settings }), field),
      ),
    ),
    ...['', 'a b', 'ä', 'x'.repeat(129)].map((space) =>
      malformed(`the space name "${space.slice(0, 5)}"`, async (_, place) => {
        await invalid(place.caller.putSpace({ space, settings: {} }), 'space');
        await invalid(place.caller.write({ space, tuples: [['a']] }), 'space');
      }),
    ),
    {
      claim: 'a wait longer than the space allows is capped',
      run: async (scene) => {
        const place = await scene.place({ limits: { waitMsMax: scene.unitMs } });
        const take = place.take(job, { waitMs: scene.unitMs });
        await place.blockedCount(1);
        await scene.elapse(2 * scene.unitMs);
        expect(await take).toMatchObject({ tuples: [] });
        expect(await place.info()).toMatchObject({ waiterCount: 0 });
      },
    },
  ],
};

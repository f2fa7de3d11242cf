/**
 * What templates match: by length, type, value, range and prefix, over few tuples and over many.
 */
import type { Matcher } from '../template.js';
import { any, anyOf, between, exact, prefix, template } from '../template.js';
import type { Tuple, Value, ValueType } from '../tuple.js';
import type { Place } from './place.suite.js';
import type { Scene } from './scene.suite.js';
import type { Check, CheckGroup } from './subject.suite.js';

/** Of each type, in the order of the type where it has one. */
const byType: readonly (readonly [ValueType, readonly Value[]])[] = [
  ['int64', [-(2n ** 63n), -1n, 0n, 1n, 2n ** 63n - 1n]],
  ['double', [-1.5, 0, 1, 2.5]],
  ['string', ['', 'a', 'aa', 'b', '\ud7ff', '\uffff', '\u{10000}', '\u{10ffff}']],
  ['bool', [true, false]],
  [
    'bytes',
    [
      new Uint8Array(),
      new Uint8Array([0]),
      new Uint8Array([0, 0]),
      new Uint8Array([127]),
      new Uint8Array([128]),
    ],
  ],
  ['null', [null]],
  ['list', [[], [1n]]],
];

const allValues = byType.flatMap(([, values]) => values);

/** What of `values`, each a tuple of its own, matches. */
async function matched(place: Place, matcher: Matcher): Promise<Value[]> {
  return (await place.values(template(matcher))).map(([value]) => value as Value);
}

/** A place with each value as a tuple of its own. */
async function placeOf(scene: Scene, values: readonly Value[]): Promise<Place> {
  const place = await scene.place();
  await place.write(...values.map((value): Tuple => [value]));
  return place;
}

/** For a type that has an order: every range between its values, open and closed at each end. */
function rangeCheck(type: ValueType, values: readonly Value[]): Check {
  return {
    claim: `a range of ${type} has what lies between its ends`,
    run: async (scene) => {
      const place = await placeOf(scene, allValues);
      const ordered = values as readonly (bigint | number | string | Uint8Array)[];
      for (const [i, low] of ordered.entries()) {
        expect(await matched(place, between({ low }))).toEqual(ordered.slice(i));
        expect(await matched(place, between({ high: low }))).toEqual(ordered.slice(0, i + 1));
        const openLow: Matcher = { kind: 'range', low: { value: low, isInclusive: false } };
        expect(await matched(place, openLow)).toEqual(ordered.slice(i + 1));
        const openHigh: Matcher = { kind: 'range', high: { value: low, isInclusive: false } };
        expect(await matched(place, openHigh)).toEqual(ordered.slice(0, i));
        for (const [j, high] of ordered.entries()) {
          expect(await matched(place, between({ low, high }))).toEqual(ordered.slice(i, j + 1));
        }
      }
    },
  };
}

export const matchingChecks: CheckGroup = {
  topic: 'templates',
  checks: [
    {
      claim: 'a template matches only tuples of its length',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['a'], ['a', 'b'], ['a', 'b', 'c']);
        expect(await place.values(template('a', any))).toEqual([['a', 'b']]);
        expect(await place.values(template(any, any, any))).toEqual([['a', 'b', 'c']]);
      },
    },
    {
      claim: 'any matches every value, and any of a type every value of it',
      run: async (scene) => {
        const place = await placeOf(scene, allValues);
        expect(await matched(place, any)).toEqual(allValues);
        for (const [type, values] of byType) expect(await matched(place, anyOf(type))).toEqual(values);
      },
    },
    {
      claim: 'an exact value matches only its own type',
      run: async (scene) => {
        const place = await placeOf(scene, [1n, 1, '1', true, new Uint8Array([49]), [1n], null, 'null']);
        expect(await matched(place, exact(1n))).toEqual([1n]);
        expect(await matched(place, exact(1))).toEqual([1]);
        expect(await matched(place, exact('1'))).toEqual(['1']);
        expect(await matched(place, exact(new Uint8Array([49])))).toEqual([new Uint8Array([49])]);
        expect(await matched(place, exact([1n]))).toEqual([[1n]]);
        expect(await matched(place, exact(null))).toEqual([null]);
      },
    },
    {
      claim: 'text is matched by its characters, not by what it looks like',
      run: async (scene) => {
        const place = await placeOf(scene, ['\u00e9', 'e\u0301']);
        expect(await matched(place, exact('\u00e9'))).toEqual(['\u00e9']);
        expect(await matched(place, prefix('e'))).toEqual(['e\u0301']);
      },
    },
    {
      claim: 'a nested list is matched whole',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['path', ['a', ['b']]], ['path', ['a', 'b']], ['path', ['a', ['b'], 'c']]);
        expect(await place.values(template('path', ['a', ['b']]))).toEqual([['path', ['a', ['b']]]]);
      },
    },
    ...byType
      .filter(([type]) => ['int64', 'double', 'string', 'bytes'].includes(type))
      .map(([type, values]) => rangeCheck(type, values)),
    {
      claim: 'a range that ends before it begins matches nothing',
      run: async (scene) => {
        const place = await placeOf(scene, [1n, 2n, 3n]);
        expect(await matched(place, between({ low: 3n, high: 1n }))).toEqual([]);
      },
    },
    {
      claim: 'a prefix matches texts, or bytes, that begin with it',
      run: async (scene) => {
        const texts = ['ab', 'a', 'abc', 'b', 'ab\uffff', 'ab\u{1f600}', 'aB'];
        const place = await placeOf(scene, [...texts, new Uint8Array([97, 98]), new Uint8Array([97])]);
        expect(await matched(place, prefix('ab'))).toEqual(['ab', 'abc', 'ab\uffff', 'ab\u{1f600}']);
        expect(await matched(place, prefix(''))).toEqual(texts);
        expect(await matched(place, prefix(new Uint8Array([97, 98])))).toEqual([new Uint8Array([97, 98])]);
      },
    },
    {
      claim: 'long values with the same beginning are told apart',
      run: async (scene) => {
        const start = '\u{1f600}'.repeat(100);
        const longs = ['', 'a', 'b', '\uffff', '\u{10ffff}'].map((end) => start + end);
        const bytes = [1, 2].map((end) => new Uint8Array([...new Uint8Array(300).fill(7), end]));
        const place = await placeOf(scene, [...longs, ...bytes]);
        for (const long of longs) expect(await matched(place, exact(long))).toEqual([long]);
        expect(await matched(place, exact(bytes[1] as Uint8Array))).toEqual([bytes[1]]);
        expect(await matched(place, between({ low: `${start}a`, high: `${start}\uffff` }))).toEqual(
          longs.slice(1, 4),
        );
        expect(await matched(place, prefix(`${start}b`))).toEqual([longs[2]]);
        expect(await place.count(template(longs[0] as string))).toBe(1);
      },
    },
    {
      claim: 'a range or prefix among many tuples finds all matches, oldest first',
      run: async (scene) => {
        const place = await scene.place();
        const numbers = Array.from({ length: 500 }, (_, i) => BigInt((i * 7919) % 500));
        await place.write(...numbers.map((n): Tuple => ['n', n, `text ${n}`]));
        const low = numbers.filter((n) => n < 20n);
        expect((await place.values(template('n', between({ high: 19n }), any))).map(([, n]) => n)).toEqual(
          low,
        );
        const tens = numbers.filter((n) => String(n).startsWith('49'));
        expect((await place.values(template('n', any, prefix('text 49')))).map(([, n]) => n)).toEqual(tens);
        await place.take(template('n', between({ high: 9n }), any), { max: 10 });
        await place.write(['n', 5n, 'new']);
        const rest = [...low.filter((n) => n >= 10n), 5n];
        expect((await place.values(template('n', between({ high: 19n }), any))).map(([, n]) => n)).toEqual(
          rest,
        );
      },
    },
    {
      claim: 'a tuple that several templates match counts once',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(['a', 1n], ['b', 2n], ['c'], ['a', 2n]);
        const either = [template('a', any), template(any, 2n), template('c')];
        expect(await place.values(either)).toEqual([['a', 1n], ['b', 2n], ['c'], ['a', 2n]]);
        expect((await place.read(either, { countOnly: true })).count).toBe(4);
        expect((await place.take(either, { max: 10 })).tuples).toHaveLength(4);
      },
    },
    {
      claim: 'explain names the index that a read would use',
      run: async (scene) => {
        const place = await scene.place();
        await place.write(
          ...Array.from({ length: 200 }, (_, i): Tuple => ['vote', BigInt(i % 10), BigInt(i)]),
        );
        const explain = async (...fields: (Value | Matcher)[]) =>
          place.caller.explain({ space: place.space, template: template(...fields) });
        expect(await explain('vote', 3n, any)).toMatchObject({
          index: 'field 1 = 3',
          examinedCount: 20,
          waiterCount: 0,
        });
        expect(await explain(any, any, any)).toMatchObject({ index: 'length 3', examinedCount: 200 });
        expect((await explain('vote', any, between({ low: 5n, high: 9n }))).index).toBe('field 2 in a range');
        expect(await explain('none', any, any)).toMatchObject({ examinedCount: 0 });
      },
    },
  ],
};

/**
 * The index against a list that is searched from end to end.
 */
import * as fc from 'fast-check';
import type { Matcher, Template } from '../../template.js';
import { any, anyOf, between, exact, matches, prefix, template } from '../../template.js';
import type { Tuple, Value } from '../../tuple.js';
import type { Entry } from './entry.js';
import { boundCandidates, countCandidates, countMatches, find, type Search } from './search.js';
import { entryOf } from './testing.suite.js';
import { TupleIndex } from './tuple-index.js';

const long = 'x'.repeat(130);
const values: readonly Value[] = [
  ...[0n, 1n, 2n, 3n],
  ...[0, 1.5, 2],
  ...['', 'a', 'ab', 'b', '\uffff', '\u{10000}', long, `${long}y`, `${'x'.repeat(127)}\u{1f600}`],
  ...[true, null],
  ...[new Uint8Array([0]), new Uint8Array([1, 2]), new Uint8Array(200).fill(9)],
  ...[[], [1n]],
];

const ordered = values.filter((value) => !['boolean', 'object'].includes(typeof value)) as (
  | bigint
  | number
  | string
)[];

const value = fc.constantFrom(...values);
const tuple = fc.oneof(fc.tuple(value), fc.tuple(value, value), fc.tuple(value, value, value));

const range = fc
  .tuple(fc.constantFrom(...ordered), fc.constantFrom(...ordered))
  .filter(([low, high]) => typeof low === typeof high)
  .map(([low, high]) => between({ low, high }));

const matcher = fc.oneof<fc.Arbitrary<Matcher>[]>(
  fc.constant(any),
  value.map(exact),
  range,
  fc.constantFrom(...ordered).map((low) => between({ low })),
  fc.constantFrom(prefix(''), prefix('a'), prefix('x'.repeat(129)), prefix(new Uint8Array([1]))),
  fc.constantFrom(anyOf('int64'), anyOf('bytes')),
);

const wanted: fc.Arbitrary<Template> = fc.array(matcher, { minLength: 1, maxLength: 3 });

function searchOf(index: TupleIndex, templates: readonly Template[], afterId = 0): Search {
  return { indexes: [index], templates, afterId, examinedMax: 1_000_000 };
}

/** An index of these tuples, and the entries in the order of their ids. */
function indexOf(tuples: readonly Tuple[]): { index: TupleIndex; entries: Entry[] } {
  const index = new TupleIndex();
  const entries = tuples.map((each, i) => entryOf(i + 1, each));
  for (const entry of entries) index.add(entry);
  return { index, entries };
}

function toggle(index: TupleIndex, entry: Entry | undefined): void {
  if (entry?.home !== undefined) index.remove(entry);
  else if (entry !== undefined) index.add(entry);
}

describe('the index', () => {
  it('has indexed every field before a first look would take long', () => {
    const { index, entries } = indexOf(Array.from({ length: 100_000 }, (_, i) => [BigInt(i), BigInt(-i)]));
    expect(index.plan(template(5n, any), 1_000).size).toBe(1);
    expect(index.bound(template(any, -7n))).toBe(100_000);
    index.add(entryOf(entries.length + 1, [5n, -7n]));
    expect(index.plan(template(5n, any), 1_000).size).toBe(2);
    // A bound comes from fields that are indexed, and indexes none.
    expect(index.bound(template(any, -7n))).toBe(2);
    const { index: small } = indexOf(Array.from({ length: 1_000 }, (_, i) => [BigInt(i), BigInt(-i)]));
    expect(small.bound(template(any, -7n))).toBe(1_000);
    expect(small.plan(template(any, -7n), 1_000).size).toBe(1);
    expect(small.bound(template(any, -7n))).toBe(1);
  });

  it('finds and counts what a search from end to end finds, while tuples come and go', () => {
    fc.assert(
      fc.property(
        // Many tuples of few values, so that ranges are worth their sorted keys.
        fc.array(tuple, { minLength: 100, maxLength: 300 }),
        fc.array(fc.nat(299), { maxLength: 300 }),
        fc.array(fc.array(wanted, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 10 }),
        (tuples, moves, searches) => {
          const { index, entries } = indexOf(tuples);
          for (const [i, templates] of searches.entries()) {
            for (const move of moves.slice(i * 30, i * 30 + 30)) toggle(index, entries[move]);
            const expected = entries.filter(
              (entry) =>
                entry.home !== undefined && templates.some((each) => matches(each, entry.tuple.values)),
            );
            expect([...find(searchOf(index, templates))]).toEqual(expected);
            // Again, for now the index has learned from the first time.
            expect([...find(searchOf(index, templates))]).toEqual(expected);
            expect(countMatches(searchOf(index, templates))).toBe(expected.length);
            const [most, bound] = [countCandidates, boundCandidates].map((count) =>
              count(searchOf(index, templates)),
            );
            expect(bound).toBeGreaterThanOrEqual(most ?? Number.NaN);
            const after = expected.filter(({ order }) => order > 50);
            expect([...find(searchOf(index, templates, 50))]).toEqual(after);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('examines as few tuples of a million-fold bag as of a small one', () => {
    const plans = [100, 10_000].map((length) => {
      const { index } = indexOf(
        Array.from({ length }, (_, i) => ['vote', BigInt(i % 10), BigInt(i), `${i % 5}`]),
      );
      return {
        unique: index.plan(template('vote', any, 7n, any), 20_000).size,
        tenth: index.plan(template('vote', 3n, any, '1'), 20_000).size * 10,
        range: index.plan(template('vote', any, between({ low: 10n, high: 14n }), any), 20_000).size,
        absent: index.plan(template('vote', 99n, any, any), 20_000).size,
        length,
      };
    });
    expect(plans).toEqual([
      { unique: 1, tenth: 100, range: 5, absent: 0, length: 100 },
      { unique: 1, tenth: 10_000, range: 5, absent: 0, length: 10_000 },
    ]);
  });

  it('knows by its index alone how many match one exact value, or none', () => {
    const { index } = indexOf(Array.from({ length: 300 }, (_, i) => ['vote', BigInt(i % 3)]));
    const countOf = (wantedTemplate: Template) =>
      countMatches({ ...searchOf(index, [wantedTemplate]), examinedMax: 0 });
    expect(countOf(template('vote', any))).toBe(300);
    expect(countOf(template(any, 2n))).toBe(100);
    expect(countOf(template(any, any))).toBe(300);
    expect(countOf(template(long, any))).toBe(0);
    expect(() => countOf(template('vote', 1n))).toThrow();
    expect(() => countOf(template(any, anyOf('int64')))).toThrow();
  });

  it('learns to find what two common values have in common', () => {
    const { index, entries } = indexOf(
      Array.from({ length: 10_000 }, (_, i) => ['vote', BigInt(i % 100), BigInt(Math.floor(i / 100))]),
    );
    const search = searchOf(index, [template('vote', 7n, 9n)]);
    const wanted = entries[907] as Entry;
    for (let i = 0; i < 3; i++) expect([...find(search)]).toEqual([wanted]);
    expect([...find({ ...search, examinedMax: 1 })]).toEqual([wanted]);
    expect(index.plan(template('vote', 7n, 9n), 1).words()).toBe('field 1 = 7 and field 2 = 9');
    index.remove(wanted);
    expect([...find({ ...search, examinedMax: 1 })]).toEqual([]);
    expect(index.plan(template('vote', 7n, 9n), 1).size).toBe(0);
    index.add(wanted);
    expect([...find({ ...search, examinedMax: 1 })]).toEqual([wanted]);
  });

  it('finds by several common values what a search from end to end finds, while tuples come and go', () => {
    const common = fc.constantFrom<Value[]>(0n, 1n, 'a', 'b', []);
    const wantedCommon = fc.array(fc.oneof(fc.constant(any), common.map(exact)), {
      minLength: 4,
      maxLength: 4,
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(common, common, common, common), { minLength: 200, maxLength: 400 }),
        fc.array(fc.nat(399), { maxLength: 400 }),
        fc.array(wantedCommon, { minLength: 1, maxLength: 4 }),
        (tuples, moves, searches) => {
          const { index, entries } = indexOf(tuples);
          for (let round = 0; round < 8; round++) {
            for (const move of moves.slice(round * 50, round * 50 + 50)) toggle(index, entries[move]);
            for (const each of searches) {
              const expected = entries.filter(
                (entry) => entry.home !== undefined && matches(each, entry.values),
              );
              expect([...find(searchOf(index, [each]))]).toEqual(expected);
              expect(index.plan(each, 1_000).size).toBeGreaterThanOrEqual(expected.length);
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('looks at once for what two values have in common where each alone is too much for a call', () => {
    const { index } = indexOf(
      Array.from({ length: 4_000 }, (_, i) => ['vote', BigInt(i % 2), BigInt(i % 3)]),
    );
    const search = { ...searchOf(index, [template('vote', 1n, 2n)]), examinedMax: 700 };
    expect([...find(search)]).toHaveLength(666);
  });

  it('uses no range that reaches more entries than a call may examine', () => {
    const { index } = indexOf(Array.from({ length: 500 }, (_, i) => ['n', BigInt(i)]));
    const wantedTemplate = template('n', between({ high: 199n }));
    expect(index.plan(wantedTemplate, 200).words()).toBe('field 1 in a range');
    expect(index.plan(wantedTemplate, 199).words()).toBe('field 0 = "n"');
  });

  it('uses no range that reaches most of what the rarest exact value has', () => {
    const { index } = indexOf(Array.from({ length: 500 }, (_, i) => ['n', BigInt(i)]));
    expect(index.plan(template('n', between({ high: 300n })), 20_000).words()).toBe('field 0 = "n"');
  });
});

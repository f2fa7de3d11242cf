/**
 * The index against a list that is searched from end to end.
 */
import * as fc from 'fast-check';
import type { Matcher, Template } from '../../template.js';
import { any, anyOf, between, exact, matches, prefix, template } from '../../template.js';
import type { Tuple, Value } from '../../tuple.js';
import type { Entry } from './entry.js';
import { countMatches, find, type Search } from './search.js';
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

describe('the index', () => {
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
            for (const move of moves.slice(i * 30, i * 30 + 30)) {
              const entry = entries[move];
              if (entry?.home !== undefined) index.remove(entry);
              else if (entry !== undefined) index.add(entry);
            }
            const expected = entries.filter(
              (entry) =>
                entry.home !== undefined && templates.some((each) => matches(each, entry.tuple.values)),
            );
            expect([...find(searchOf(index, templates))]).toEqual(expected);
            expect(countMatches(searchOf(index, templates))).toBe(expected.length);
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
    const isCount = (wantedTemplate: Template) => index.plan(wantedTemplate, 20_000).isCount;
    expect(isCount(template('vote', any))).toBe(true);
    expect(isCount(template(any, any))).toBe(true);
    expect(isCount(template('vote', 1n))).toBe(false);
    expect(isCount(template(any, anyOf('int64')))).toBe(false);
    expect(isCount(template(long, any))).toBe(false);
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

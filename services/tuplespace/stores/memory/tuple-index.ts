/**
 * The index of a bag of tuples: by length, and by each field's value. A template is answered from the
 * smallest posting that has all its matches, so a selective one costs the same in a bag of a million tuples
 * as in one of a thousand. The same idea as Blitz's `CacheIndexerImpl.findImpl` and GigaSpaces' "shortest
 * potential match list".
 */
import type { Matcher, Template } from '../../template.js';
import type { Value } from '../../tuple.js';
import type { Entry } from './entry.js';
import { FieldIndex } from './field-index.js';
import { isWhole, keyOf } from './key.js';
import { Posting } from './posting.js';

/** How the matches of a template would be found. */
export interface Plan {
  /** How many entries a walk over all of it examines. */
  readonly size: number;
  /** True when every one of them matches, so that `size` is the count of matches. */
  readonly isCount: boolean;
  /** The index used: `field 2 = "general-3"`, `field 4 in a range`, `length 6`. */
  words(): string;
  /** The entries younger than `order`, oldest first; all matches are among them. */
  walk(order: number): Iterable<Entry>;
}

interface LengthIndex {
  all: Posting | undefined;
  readonly fields: readonly FieldIndex[];
}

/** Below this size a posting is walked without a look at the sorted keys. */
const smallCount = 64;

export class TupleIndex {
  readonly #lengths = new Map<number, LengthIndex>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Makes this the entry's home. O(fields of the tuple). */
  add(entry: Entry): void {
    const { values } = entry.tuple;
    const index = this.#lengthIndex(values.length);
    entry.home = this;
    this.#size += 1;
    if (index.all === undefined) index.all = new Posting(this, entry);
    else index.all.add(entry);
    values.forEach((value, i) => {
      const key = keyOf(value);
      if (key !== undefined) index.fields[i]?.add(key, entry);
    });
  }

  /** Ends the entry's stay. O(fields of the tuple). */
  remove(entry: Entry): void {
    const { values } = entry.tuple;
    const index = this.#lengthIndex(values.length);
    entry.home = undefined;
    this.#size -= 1;
    index.all?.drop();
    values.forEach((value, i) => {
      const key = keyOf(value);
      if (key !== undefined) index.fields[i]?.drop(key);
    });
  }

  /**
   * The way to a template's matches that examines the fewest entries.
   *
   * @param examinedMax a range or prefix that reaches more entries than this is not used
   */
  plan(template: Template, examinedMax: number): Plan {
    const index = this.#lengths.get(template.length);
    const best = postingPlan(template, lead(template, index));
    if (index === undefined || best.size <= smallCount) return best;
    // Sorted keys must spare half of the work to be worth collecting their entries.
    return planSpan(template, index, Math.min(best.size >> 1, examinedMax)) ?? best;
  }

  /**
   * The field whose exact value fewest entries have; undefined when the template has no exact value with a
   * key.
   */
  leadField(template: Template): number | undefined {
    return lead(template, this.#lengths.get(template.length)).field;
  }

  /** All entries, oldest first within each length. */
  *entries(): Generator<Entry> {
    for (const { all } of this.#lengths.values()) yield* all?.after(0) ?? [];
  }

  #lengthIndex(length: number): LengthIndex {
    let index = this.#lengths.get(length);
    if (index === undefined) {
      index = { all: undefined, fields: Array.from({ length }, () => new FieldIndex(this)) };
      this.#lengths.set(length, index);
    }
    return index;
  }
}

/** The smallest posting that has all matches, and the field whose exact value it belongs to. */
interface Lead {
  readonly field: number | undefined;
  readonly posting: Posting | undefined;
}

function lead(template: Template, index: LengthIndex | undefined): Lead {
  let best: Lead = { field: undefined, posting: index?.all };
  for (const [i, matcher] of template.entries()) {
    const key = matcher.kind === 'exact' ? keyOf(matcher.value) : undefined;
    if (key === undefined) continue;
    const posting = index?.fields[i]?.posting(key);
    if (best.field === undefined || sizeOf(posting) < sizeOf(best.posting)) best = { field: i, posting };
  }
  return best;
}

function sizeOf(posting: Posting | undefined): number {
  return posting?.size ?? 0;
}

function postingPlan(template: Template, { field, posting }: Lead): Plan {
  return {
    size: sizeOf(posting),
    isCount: template.every((matcher, i) => isAnswered(matcher, i === field)),
    words: () => (field === undefined ? `length ${template.length}` : exactWords(template, field)),
    walk: (order) => posting?.after(order) ?? [],
  };
}

function planSpan(template: Template, index: LengthIndex, countMax: number): Plan | undefined {
  let best: { postings: Posting[]; size: number; words: string } | undefined;
  for (const [i, matcher] of template.entries()) {
    if (matcher.kind !== 'range' && matcher.kind !== 'prefix') continue;
    const postings = index.fields[i]?.span(matcher, best?.size ?? countMax);
    if (postings === undefined) continue;
    const size = postings.reduce((sum, posting) => sum + posting.size, 0);
    best = {
      postings,
      size,
      words: `field ${i} ${matcher.kind === 'range' ? 'in a range' : 'with a prefix'}`,
    };
  }
  if (best === undefined) return undefined;
  const { postings, size, words } = best;
  return {
    size,
    isCount: false,
    words: () => words,
    walk: (order) => byAge(postings.flatMap((posting) => [...posting.after(order)])),
  };
}

function byAge(entries: Entry[]): Entry[] {
  return entries.sort((left, right) => left.order - right.order);
}

/** True when the plan's posting answers this matcher for all its entries. */
function isAnswered(matcher: Matcher, isLead: boolean): boolean {
  return matcher.kind === 'any' || (isLead && matcher.kind === 'exact' && isWhole(matcher.value));
}

function exactWords(template: Template, field: number): string {
  const matcher = template[field];
  return `field ${field} = ${matcher?.kind === 'exact' ? valueWords(matcher.value) : ''}`;
}

function valueWords(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return value instanceof Uint8Array ? `${value.length} bytes` : String(value);
}

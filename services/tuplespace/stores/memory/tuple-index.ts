/**
 * The index of a bag of tuples: by length, and by each field's value. A template is answered from the
 * smallest posting that has all its matches, so a selective one costs the same in a bag of a million tuples
 * as in one of a thousand. The same idea as Blitz's `CacheIndexerImpl.findImpl` and GigaSpaces' "shortest
 * potential match list".
 */
import type { Template } from '../../template.js';
import type { Entry } from './entry.js';
import { FieldIndex } from './field-index.js';
import { keyOf } from './key.js';
import { type LengthIndex, leadOf } from './lead.js';
import { emptyPlan, leadPlan, type Plan, spanPlan } from './plan.js';
import { Posting } from './posting.js';
import type { Refinement } from './refinement.js';

/** Up to this size a posting is walked without a look at the sorted keys. */
const smallCount = 64;

/** So many tuples of a length may have fields that are not indexed yet: to index one of them takes some ten milliseconds. */
const lazySizeMax = 100_000;

export class TupleIndex {
  readonly #lengths = new Map<number, LengthIndex>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Makes this the entry's home. O(fields that templates have asked for). */
  add(entry: Entry): void {
    const index = this.#lengthIndex(entry.values.length);
    entry.home = this;
    this.#size += 1;
    if (index.all === undefined) index.all = new Posting(this, entry);
    else index.all.add(entry);
    for (const field of index.fields) field.add(entry);
    if (index.isWhole || index.all.size <= lazySizeMax) return;
    index.isWhole = true;
    for (const field of index.fields) field.begin();
  }

  /** Ends the entry's stay. O(fields that templates have asked for). */
  remove(entry: Entry): void {
    const index = this.#lengthIndex(entry.values.length);
    entry.home = undefined;
    this.#size -= 1;
    index.all?.drop(entry);
    for (const field of index.fields) field.drop(entry);
  }

  /**
   * The way to a template's matches that examines the fewest entries.
   *
   * @param examinedMax how many entries a call may examine
   */
  plan(template: Template, examinedMax: number): Plan {
    const index = this.#lengths.get(template.length);
    if (index === undefined) return emptyPlan(template);
    const best = leadPlan(template, leadOf(template, index, examinedMax));
    if (best.size <= smallCount) return best;
    // Sorted keys must spare half of the work to be worth collecting their entries.
    return spanPlan(template, index, Math.min(best.size >> 1, examinedMax)) ?? best;
  }

  /** No plan for the template examines more entries than this. */
  bound(template: Template): number {
    const index = this.#lengths.get(template.length);
    let bound = index?.all?.size ?? 0;
    for (let i = 0; i < template.length && bound > 0; i++) {
      const matcher = template[i];
      const field = index?.fields[i];
      const key = matcher?.kind === 'exact' && field?.isBegun ? keyOf(matcher.value) : undefined;
      if (key !== undefined) bound = Math.min(bound, field?.count(key) ?? 0);
    }
    return bound;
  }

  /** All entries, a list for each length, oldest first. */
  lists(): Iterable<Entry>[] {
    return [...this.#lengths.values()].map(({ all }) => all?.after(0) ?? []);
  }

  #lengthIndex(length: number): LengthIndex {
    let index = this.#lengths.get(length);
    if (index === undefined) {
      const fields: FieldIndex<Refinement>[] = [];
      const made: LengthIndex = { home: this, all: undefined, fields, isWhole: false };
      const all = () => made.all?.after(0) ?? [];
      for (let i = 0; i < length; i++)
        fields.push(new FieldIndex(this, (values) => keyOf(values[i] ?? null), all));
      index = made;
      this.#lengths.set(length, index);
    }
    return index;
  }
}

/**
 * Plans: the ways to a template's matches, and what each costs.
 */
import type { Template } from '../../template.js';
import type { Value } from '../../tuple.js';
import type { Entry } from './entry.js';
import { isWhole } from './key.js';
import type { Lead, LengthIndex } from './lead.js';
import type { Posting } from './posting.js';

export interface Plan {
  /** How many entries a walk over all of it examines. */
  readonly size: number;
  /** The field that needs no look any more, if there is one: every entry of the plan matches there. */
  readonly answeredField: number | undefined;
  /** The index used: `field 2 = "general-3"`, `field 4 in a range`, `length 6`. */
  words(): string;
  /** The entries younger than `order`, oldest first; all matches are among them. */
  walk(order: number): Iterable<Entry>;
  /** Tells that a walk examined so many entries in vain. */
  missed(count: number): void;
}

/** The plan for a length that no tuple has. */
export function emptyPlan({ length }: Template): Plan {
  return {
    size: 0,
    answeredField: undefined,
    words: () => `length ${length}`,
    walk: () => [],
    missed: () => {},
  };
}

/** A walk over the posting that exact values lead to, or over all of a length. */
export function leadPlan(template: Template, { field, together, posting }: Lead): Plan {
  return {
    size: posting?.size ?? 0,
    answeredField: field !== undefined && isAnswered(template, field) ? field : undefined,
    words: () => {
      if (field === undefined) return `length ${template.length}`;
      return [field, ...together].map((each) => exactWords(template, each)).join(' and ');
    },
    walk: (order) => posting?.after(order) ?? [],
    missed: (count) => {
      if (posting !== undefined) posting.missCount += count;
    },
  };
}

/**
 * A walk over the entries that a range or prefix reaches, collected and brought into the order of age.
 * Undefined when there is no range or prefix, or each reaches more than `countMax` entries.
 */
export function spanPlan(template: Template, index: LengthIndex, countMax: number): Plan | undefined {
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
    answeredField: undefined,
    words: () => words,
    walk: (order) => byAge(postings.flatMap((posting) => [...posting.after(order)])),
    missed: () => {},
  };
}

function byAge(entries: Entry[]): Entry[] {
  return entries.sort((left, right) => left.order - right.order);
}

/** True when only one value has the key of this field's exact value. */
function isAnswered(template: Template, field: number): boolean {
  const matcher = template[field];
  return matcher?.kind === 'exact' && isWhole(matcher.value);
}

function exactWords(template: Template, field: number): string {
  const matcher = template[field];
  return `field ${field} = ${matcher?.kind === 'exact' ? valueWords(matcher.value) : ''}`;
}

function valueWords(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return value instanceof Uint8Array ? `${value.length} bytes` : String(value);
}

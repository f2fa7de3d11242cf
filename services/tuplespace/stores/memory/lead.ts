/**
 * The lead of a template: the smallest posting that has all its matches, by one exact value or by several
 * together.
 */
import type { Template } from '../../template.js';
import type { FieldIndex } from './field-index.js';
import { hashKeys, type Key, keyOf } from './key.js';
import type { Posting } from './posting.js';
import { Refinement, togetherMax } from './refinement.js';

/** The index of all tuples of one length. */
export interface LengthIndex {
  /** What its entries are at home in. */
  readonly home: object;
  all: Posting<Refinement> | undefined;
  readonly fields: readonly FieldIndex<Refinement>[];
  /** Whether all fields have begun. */
  isWhole: boolean;
}

export interface Lead {
  /** The field whose exact value leads there; undefined where all tuples of the length are candidates. */
  readonly field: number | undefined;
  /** Fields whose exact values lead there too, by a hash: they still need a look. */
  readonly together: readonly number[];
  /** Undefined when nothing has those values. */
  readonly posting: Posting | undefined;
}

/** An exact value of a template. */
interface Hint {
  readonly field: number;
  readonly key: Key;
  /** How many tuples have it. */
  readonly size: number;
}

/** Up to this size a posting is walked as it is. */
const smallCount = 32;

/** Dividing a posting of this size takes some ten milliseconds; larger ones are never divided. */
const dividedSizeMax = 100_000;

/** The lead within an index; divides its posting where that has become worth it. */
export function leadOf(template: Template, index: LengthIndex, examinedMax: number): Lead {
  const [first, ...others] = hintsOf(template, index, examinedMax);
  if (first === undefined) return { field: undefined, together: [], posting: index.all };
  const posting = index.fields[first.field]?.posting(first.key);
  const lead: Lead = { field: first.field, together: [], posting };
  if (posting === undefined || posting.size <= smallCount || others.length === 0) return lead;
  const part = partOf(posting, first, others);
  if (part !== undefined && sizeOf(part) <= examinedMax) return part;
  if (!isWorthDividing(posting, examinedMax)) return part ?? lead;
  divide(posting, others, index);
  return partOf(posting, first, others) ?? lead;
}

/**
 * The exact values of a template, rarest first. Fields that nobody asked for before are asked for, one by one, until a posting is
 * small: the others would spare nothing.
 */
function hintsOf(template: Template, index: LengthIndex, examinedMax: number): Hint[] {
  const hints: Hint[] = [];
  const enough = Math.min(smallCount, examinedMax);
  let least = Number.POSITIVE_INFINITY;
  for (const isBegun of [true, false]) {
    for (const [field, parts] of index.fields.entries()) {
      const matcher = template[field];
      if (matcher?.kind !== 'exact' || parts.isBegun !== isBegun || (!isBegun && least <= enough)) continue;
      const key = keyOf(matcher.value);
      if (key === undefined) continue;
      const size = parts.count(key);
      least = Math.min(least, size);
      hints.push({ field, key, size });
    }
  }
  return hints.sort((left, right) => left.size - right.size);
}

function isWorthDividing({ size, missCount, refinement }: Posting<Refinement>, examinedMax: number): boolean {
  return (missCount > size || size > examinedMax) && size <= dividedSizeMax && refinement?.isFull !== true;
}

/** Divides a posting by those of the other values that leave half of all tuples out, if there are any. */
function divide(posting: Posting<Refinement>, others: readonly Hint[], index: LengthIndex): void {
  posting.missCount = 0;
  const total = index.all?.size ?? 0;
  const rare = others.filter(({ size }) => size * 2 <= total).slice(0, togetherMax);
  const fields = rare.map(({ field }) => field).sort((left, right) => left - right);
  if (fields.length === 0 || posting.refinement?.isBy(fields)) return;
  posting.refinement ??= new Refinement(index.home);
  posting.refinement.divide(posting, fields);
}

/**
 * The smallest part of a divided posting that has all matches; undefined when it is not divided by such
 * values.
 */
function partOf(posting: Posting<Refinement>, first: Hint, others: readonly Hint[]): Lead | undefined {
  let best: Lead | undefined;
  for (const { fields, parts } of posting.refinement?.divisions() ?? []) {
    const keys = fields.map((field) => others.find((hint) => hint.field === field)?.key);
    if (!keys.every((key) => key !== undefined)) continue;
    const lead = { field: first.field, together: fields, posting: parts.posting(hashKeys(keys)) };
    if (best === undefined || sizeOf(lead) < sizeOf(best)) best = lead;
  }
  return best;
}

function sizeOf({ posting }: Lead): number {
  return posting?.size ?? 0;
}

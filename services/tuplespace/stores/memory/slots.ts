/**
 * Unique slots: which tuple stands where a space's unique rules allow only one. A slot is free again when its
 * tuple goes.
 */
import type { UniqueRule } from '../../space.js';
import { matches } from '../../template.js';
import type { Tuple, Value } from '../../tuple.js';
import { typeOf } from '../../tuple.js';
import type { Entry } from './entry.js';

/** A slot that a tuple would fill. */
export interface Slot {
  /** Name of the rule that makes it. */
  readonly rule: string;
  readonly key: string;
}

const none: readonly Slot[] = [];

export class Slots {
  readonly #rules: readonly UniqueRule[];
  readonly #standing = new Map<string, Entry>();

  constructor(rules: readonly UniqueRule[]) {
    this.#rules = rules;
  }

  /** True when no tuple fills any. */
  get areNone(): boolean {
    return this.#rules.length === 0;
  }

  /** The slots that a tuple of this writer fills. O(rules). */
  of(values: Tuple, writer: string): readonly Slot[] {
    if (this.#rules.length === 0) return none;
    return this.#rules
      .filter((rule) => matches(rule.template, values))
      .map((rule) => ({ rule: rule.name, key: slotKey(rule, values, writer) }));
  }

  standing(key: string): Entry | undefined {
    return this.#standing.get(key);
  }

  fill(entry: Entry): void {
    for (const key of entry.slots) this.#standing.set(key, entry);
  }

  empty(entry: Entry): void {
    for (const key of entry.slots) this.#standing.delete(key);
  }
}

/** A text that two tuples share only if they fill the same slot. */
function slotKey(rule: UniqueRule, values: Tuple, writer: string): string {
  const fields = rule.fields.map((position) => encode(values[position] ?? null));
  return JSON.stringify([rule.name, rule.isPerWriter ? writer : null, ...fields]);
}

/** Type and content of a value as JSON has them: `["int64","5"]`. */
function encode(value: Value): readonly unknown[] {
  if (value instanceof Uint8Array) return ['bytes', Buffer.from(value).toString('base64')];
  if (Array.isArray(value)) return ['list', ...value.map(encode)];
  return [typeOf(value), String(value)];
}

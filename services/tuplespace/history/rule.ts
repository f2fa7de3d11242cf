/**
 * What a rule is: a pure function from the facts of a history to what it found.
 */
import type { Facts } from './facts.js';
import type { Presence } from './presence.js';

export interface Rule {
  /** `T1` to `T14`. */
  readonly id: string;
  /** What holds, in a few words. */
  readonly name: string;
  judge(facts: Facts, presence: Presence): RuleFinding;
}

export interface RuleFinding {
  /** How many tuples or calls, as the rule counts, were judged. */
  readonly judgedCount: number;
  /** How many could not be. */
  readonly unknownCount: number;
  /** Why not. */
  readonly unknownBecause?: string;
  readonly violations: readonly Violation[];
  /** What else was measured, by name. */
  readonly figures?: Readonly<Record<string, number>>;
}

export interface Violation {
  /** What happened, in a sentence. */
  readonly what: string;
  /** The lines of the history that show it, rising. */
  readonly lines: readonly number[];
}

export function violation(what: string, lines: readonly (number | undefined)[]): Violation {
  const known = lines.filter((line) => line !== undefined);
  return { what, lines: [...new Set(known)].sort((left, right) => left - right) };
}

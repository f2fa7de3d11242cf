/**
 * Holds: tuples set aside for one taker until it settles. A hold ends as a whole: when it is settled, at its
 * expiry, with its lease, or when one of its tuples expires; the late holder then finds it over, never half
 * of it.
 */
import type { Deadline } from './deadlines.js';
import type { Entry } from './entry.js';
import type { Term } from './terms.js';
import type { Ticketed } from './tickets.js';

export class Hold implements Ticketed {
  readonly number: number;
  readonly entries: readonly Entry[];
  /** Whose end ends it too. */
  readonly lease: Term | undefined;
  readonly deadline: Deadline;

  constructor(
    number: number,
    parts: { entries: readonly Entry[]; lease: Term | undefined; deadline: Deadline },
  ) {
    this.number = number;
    this.entries = parts.entries;
    this.lease = parts.lease;
    this.deadline = parts.deadline;
  }

  /**
   * When a hold that is meant to last until `untilMs` gives its tuples back: no later than the first of them expires.
   */
  endMs(untilMs: number): number {
    return this.entries.reduce((endMs, { stamp }) => Math.min(endMs, stamp.expiresAtMs ?? endMs), untilMs);
  }
}

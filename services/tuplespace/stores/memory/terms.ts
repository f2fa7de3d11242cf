/**
 * Terms: what ends the life of tuples. The time to live of one Write is a term of its own; a lease is a term
 * that a client can name and renew, and that also ends the holds under it. All that a term ends, it ends in
 * one step.
 */
import type { Deadline } from './deadlines.js';
import type { Entry } from './entry.js';
import type { Hold } from './holds.js';
import type { Ticketed } from './tickets.js';

export class Term implements Ticketed {
  /** Of a lease's ticket; 0 for a time to live. */
  readonly number: number;
  readonly deadline: Deadline;
  /** The tuples that die with it, in the order in which they were written. */
  readonly entries = new Set<Entry>();
  /** The holds that give their tuples back with it. */
  readonly holds = new Set<Hold>();

  constructor(number: number, deadline: Deadline) {
    this.number = number;
    this.deadline = deadline;
  }

  /** True when nothing but its last tuple kept it: a time to live without tuples is of no use, a lease is. */
  get isSpent(): boolean {
    return this.number === 0 && this.entries.size === 0;
  }
}

/**
 * What stands in a space, and how it ends: the tuples, the terms that end their lives, and the holds that set them aside. Changes
 * here make events; `record` makes a revision of those of a step. What falls due is a step of its own.
 */
import type { UniqueRule } from '../../space.js';
import { Bag } from './bag.js';
import { Deadline, Deadlines } from './deadlines.js';
import type { Entry } from './entry.js';
import { PastEvent } from './history.js';
import { Hold } from './holds.js';
import type { Tally } from './tally.js';
import { Term } from './terms.js';
import { Tickets } from './tickets.js';

export interface StandingOptions {
  readonly uniqueRules: readonly UniqueRule[];
  readonly ticketKey: string;
  /** Makes a revision, if there is anything in it. */
  readonly record: (events: readonly PastEvent[]) => void;
  readonly tally: Tally;
}

export class Standing {
  readonly bag: Bag;
  readonly deadlines = new Deadlines();
  readonly holds: Tickets<Hold>;
  readonly leases: Tickets<Term>;
  readonly #record: (events: readonly PastEvent[]) => void;
  readonly #tally: Tally;

  constructor({ uniqueRules, ticketKey, record, tally }: StandingOptions) {
    this.bag = new Bag(uniqueRules);
    this.holds = new Tickets('hold', ticketKey);
    this.leases = new Tickets('lease', ticketKey);
    this.#record = record;
    this.#tally = tally;
  }

  /** Puts in the new entries of one write, under the term that ends them, if one does. */
  add(entries: readonly Entry[], term: Term | undefined): void {
    this.bag.add(entries);
    if (term === undefined) return;
    for (const entry of entries) {
      entry.term = term;
      term.entries.add(entry);
    }
  }

  /** Removes an entry. */
  remove(entry: Entry, kind: 'taken' | 'expired'): PastEvent {
    const { term } = entry;
    this.bag.remove(entry);
    term?.entries.delete(entry);
    if (term?.isSpent) this.deadlines.clear(term.deadline);
    // The history may keep the entry for long, and shall keep nothing else with it.
    entry.term = undefined;
    entry.hold = undefined;
    return new PastEvent(kind, entry);
  }

  /** Sets free entries aside until `untilMs`, or until the first of them expires. */
  setAside(
    entries: readonly Entry[],
    { lease, untilMs }: { lease: Term | undefined; untilMs: number },
  ): Hold {
    const hold = this.holds.add((number) => this.newHold(number, { entries, lease }));
    for (const entry of entries) this.bag.setAside(entry, hold);
    this.deadlines.set(hold.deadline, hold.endMs(untilMs));
    return hold;
  }

  /** Ends a hold; what still stands of it is free again. */
  giveBack(hold: Hold): PastEvent[] {
    this.close(hold);
    const standing = hold.entries.filter((entry) => entry.home !== undefined);
    for (const entry of standing) this.bag.giveBack(entry);
    return standing.map((entry) => new PastEvent('released', entry));
  }

  /** Ends a hold whose tuples are gone. */
  close(hold: Hold): void {
    this.holds.end(hold);
    this.deadlines.clear(hold.deadline);
    hold.lease?.holds.delete(hold);
  }

  /** The term of tuples that live until `dueMs`. */
  addTimeToLive(dueMs: number): Term {
    const term = this.newTerm(0);
    this.deadlines.set(term.deadline, dueMs);
    return term;
  }

  /** A lease; the caller sets its deadline. */
  addLease(): Term {
    return this.leases.add((number) => this.newTerm(number));
  }

  /** Ends a lease before it is due. */
  revoke(lease: Term): void {
    this.deadlines.clear(lease.deadline);
    this.#end(lease);
  }

  /** A term with a deadline that is not set yet. */
  newTerm(number: number): Term {
    const term: Term = new Term(number, new Deadline(() => this.#end(term)));
    return term;
  }

  /** A hold, known to its lease, with a deadline that is not set yet. */
  newHold(number: number, { entries, lease }: { entries: readonly Entry[]; lease: Term | undefined }): Hold {
    const deadline = new Deadline(() => {
      this.#tally.expiredHoldCount += 1;
      this.#record(this.giveBack(hold));
    });
    const hold: Hold = new Hold(number, { entries, lease, deadline });
    lease?.holds.add(hold);
    return hold;
  }

  /**
   * Ends a term that has fallen due or was revoked: its tuples expire, and the holds that lose one, or are
   * its own, end.
   */
  #end(term: Term): void {
    this.leases.end(term);
    const holds = new Set(term.holds);
    const dying = [...term.entries];
    for (const { hold } of dying) if (hold !== undefined) holds.add(hold);
    const events = dying.map((entry) => this.remove(entry, 'expired'));
    for (const hold of holds) events.push(...this.giveBack(hold));
    this.#record(events);
  }
}

/**
 * The state of a space, and every step that changes it. Each method is one step and makes at most one
 * revision. Nothing here reads a clock, waits or knows a caller's token; space.ts does, and calls
 * `deadlines.run` before each step.
 */
import { ServiceError } from '../../../runtime/index.js';
import type { EffectiveSettings } from '../../checks-admin.js';
import type { CheckedLease, CheckedSettle, CheckedWrite, Life } from '../../checks-request.js';
import type { CheckedTuple } from '../../checks-tuple.js';
import { overLimit } from '../../limits.js';
import type { LeaseAnswer, SettleAnswer, TakeAnswer, WriteAnswer } from '../../space.js';
import type { Template } from '../../template.js';
import { Audit } from './audit.js';
import { Bag } from './bag.js';
import type { Author } from './call.js';
import { Deadline, Deadlines } from './deadlines.js';
import { type Draft, draft } from './draft.js';
import { type Entry, visible } from './entry.js';
import { eventOf, History, type PastEvent } from './history.js';
import { Hold } from './holds.js';
import { checkRoom } from './room.js';
import { findFirst, type Search } from './search.js';
import { Term } from './terms.js';
import { Tickets } from './tickets.js';

/** Bounds that are the store's, not the space's. */
export interface StateBounds {
  readonly historyBytesMax: number;
  readonly auditMax: number;
  /**
   * Whether an effect is refused that would examine more than the space's limit. A replica guards its log instead: what is in it has
   * the same effect everywhere, whatever each replica's index has learnt.
   */
  readonly areEffectsGuarded: boolean;
}

export class SpaceState {
  readonly bag: Bag;
  readonly deadlines = new Deadlines();
  readonly history: History;
  readonly audit: Audit;
  readonly #settings: EffectiveSettings;
  readonly #areEffectsGuarded: boolean;
  readonly #holds: Tickets<Hold>;
  readonly #leases: Tickets<Term>;
  #lastId = 0;

  constructor(settings: EffectiveSettings, bounds: StateBounds, ticketKey: string) {
    this.#settings = settings;
    this.bag = new Bag(settings.uniqueRules);
    this.history = new History({ eventsMax: settings.historyMax, bytesMax: bounds.historyBytesMax });
    this.audit = new Audit(bounds.auditMax);
    this.#areEffectsGuarded = bounds.areEffectsGuarded;
    this.#holds = new Tickets('hold', ticketKey);
    this.#leases = new Tickets('lease', ticketKey);
  }

  get revision(): bigint {
    return BigInt(this.history.revision);
  }

  get leaseCount(): number {
    return this.#leases.size;
  }

  /** A search among the free tuples, or also the held ones, within the space's limit. */
  search(templates: readonly Template[], options: { includeHeld?: boolean; afterId?: number } = {}): Search {
    const { free, held } = this.bag;
    return {
      indexes: options.includeHeld ? [free, held] : [free],
      templates,
      afterId: options.afterId ?? 0,
      examinedMax: this.#settings.limits.examinedMax,
    };
  }

  /** As `search`, for what an effect goes by. */
  effectSearch(templates: readonly Template[], options: { includeHeld?: boolean } = {}): Search {
    const search = this.search(templates, options);
    return this.#areEffectsGuarded ? search : { ...search, examinedMax: Number.POSITIVE_INFINITY };
  }

  /** Errors: not_found (never was), failed_precondition (is over). */
  checkLease(leaseId: string): void {
    this.#leases.find(leaseId);
  }

  /** Errors: as `TupleSpace.write`. */
  write(request: CheckedWrite, author: Author): WriteAnswer {
    const { unless } = request;
    const [by] = unless === undefined ? [] : findFirst(this.effectSearch([unless], { includeHeld: true }), 1);
    if (by !== undefined) return { kind: 'blocked', by: visible(by), revision: this.revision };
    const { ids } = this.#replace([], request.tuples, { life: request.life, author });
    return { kind: 'written', ids, revision: this.revision };
  }

  /** Removes free entries. */
  take(entries: readonly Entry[]): TakeAnswer {
    const events = entries.map((entry) => this.#end(entry, 'taken'));
    this.#record(events);
    return { tuples: entries.map(visible), revision: this.revision };
  }

  /** Sets free entries aside. Errors: not_found, failed_precondition (the lease). */
  hold(entries: readonly Entry[], wanted: { holdMs: number; leaseId?: string }, nowMs: number): TakeAnswer {
    const lease = wanted.leaseId === undefined ? undefined : this.#leases.find(wanted.leaseId);
    const hold = this.#holds.add((number) => {
      const deadline = new Deadline(() => this.#record(this.#giveBack(hold)));
      return new Hold(number, { entries, lease, deadline });
    });
    for (const entry of entries) this.bag.setAside(entry, hold);
    lease?.holds.add(hold);
    this.deadlines.set(hold.deadline, hold.endMs(nowMs, wanted.holdMs));
    this.#record(entries.map((entry) => eventOf('held', entry)));
    return {
      tuples: entries.map(visible),
      holdToken: this.#holds.textOf(hold),
      holdExpiresAtMs: hold.deadline.dueMs,
      revision: this.revision,
    };
  }

  /** Errors: as `TupleSpace.settle`, and for a commit as `TupleSpace.write`. */
  settle(holdToken: string, action: CheckedSettle, author: Author): SettleAnswer {
    const hold = this.#holds.find(holdToken);
    switch (action.kind) {
      case 'commit': {
        const { ids } = this.#replace(hold.entries, action.tuples, { life: action.life, author });
        this.#close(hold);
        return { ids, revision: this.revision };
      }
      case 'release':
        this.#record(this.#giveBack(hold));
        return { ids: [], revision: this.revision };
      case 'extend':
        this.deadlines.set(hold.deadline, hold.endMs(author.nowMs, action.holdMs));
        return { ids: [], holdExpiresAtMs: hold.deadline.dueMs, revision: this.revision };
    }
  }

  /** Errors: as `TupleSpace.lease`; resource_exhausted. */
  lease({ leaseId, ttlMs }: CheckedLease, nowMs: number): LeaseAnswer {
    const lease = leaseId === undefined ? this.#grant() : this.#leases.find(leaseId);
    const expiresAtMs = nowMs + ttlMs;
    if (ttlMs === 0) {
      this.deadlines.clear(lease.deadline);
      this.#endTerm(lease);
    } else {
      this.deadlines.set(lease.deadline, expiresAtMs);
    }
    return { leaseId: this.#leases.textOf(lease), expiresAtMs, revision: this.revision };
  }

  #grant(): Term {
    const { leasesMax } = this.#settings.limits;
    if (this.#leases.size >= leasesMax) {
      throw overLimit('leasesMax', leasesMax, `${this.#leases.size} leases are granted`);
    }
    return this.#leases.add((number) => this.#newTerm(number));
  }

  /** Removes the held entries `leaving` and writes `tuples`, in one step, all or nothing. */
  #replace(
    leaving: readonly Entry[],
    tuples: readonly CheckedTuple[],
    { life, author }: { life: Life; author: Author },
  ): { ids: readonly bigint[] } {
    const lease = life.leaseId === undefined ? undefined : this.#leases.find(life.leaseId);
    const plan = this.#draft(leaving, tuples, { life, author });
    checkRoom(this.bag, { leaving, entering: plan.entries }, this.#settings.limits);
    const events = leaving.map((entry) => this.#end(entry, 'taken'));
    const term = lease ?? this.#termOf(plan.entries, life, author.nowMs);
    for (const entry of plan.entries) {
      this.bag.add(entry);
      entry.term = term;
      term?.entries.add(entry);
      events.push(eventOf('written', entry));
    }
    this.#lastId += plan.entries.length;
    this.#record(events);
    return plan;
  }

  #draft(
    leaving: readonly Entry[],
    tuples: readonly CheckedTuple[],
    { life, author: { caller, nowMs } }: { life: Life; author: Author },
  ): Extract<Draft, { kind: 'new' }> {
    const stamp = {
      writer: caller.id,
      writerEpoch: caller.epoch,
      revision: this.revision + 1n,
      writtenAtMs: nowMs,
      ...(life.ttlMs !== undefined && { expiresAtMs: nowMs + life.ttlMs }),
    };
    const plan = draft(tuples, { slots: this.bag.slots, leaving, lastId: this.#lastId, stamp });
    if (plan.kind === 'new') return plan;
    const { rule, tuple, standingId } = plan;
    this.audit.add({ rule, caller, tuple, standingId, atMs: nowMs });
    throw new ServiceError(
      'already_exists',
      `rule "${rule}": tuple ${standingId} stands in the slot, and is another`,
      {
        details: { rule, standingId: String(standingId) },
      },
    );
  }

  #termOf(entries: readonly Entry[], { ttlMs }: Life, nowMs: number): Term | undefined {
    if (ttlMs === undefined || entries.length === 0) return undefined;
    const term = this.#newTerm(0);
    this.deadlines.set(term.deadline, nowMs + ttlMs);
    return term;
  }

  #newTerm(number: number): Term {
    const term: Term = new Term(number, new Deadline(() => this.#endTerm(term)));
    return term;
  }

  /**
   * Ends a term that has fallen due or was revoked: its tuples expire, and the holds that lose one, or are
   * its own, end.
   */
  #endTerm(term: Term): void {
    this.#leases.end(term);
    const holds = new Set(term.holds);
    const dying = [...term.entries];
    for (const { hold } of dying) if (hold !== undefined) holds.add(hold);
    const events = dying.map((entry) => this.#end(entry, 'expired'));
    for (const hold of holds) events.push(...this.#giveBack(hold));
    this.#record(events);
  }

  /** Ends a hold; what still stands of it is free again. */
  #giveBack(hold: Hold): PastEvent[] {
    this.#close(hold);
    const standing = hold.entries.filter((entry) => entry.home !== undefined);
    for (const entry of standing) this.bag.giveBack(entry);
    return standing.map((entry) => eventOf('released', entry));
  }

  #close(hold: Hold): void {
    this.#holds.end(hold);
    this.deadlines.clear(hold.deadline);
    hold.lease?.holds.delete(hold);
  }

  /** Removes one entry. */
  #end(entry: Entry, kind: 'taken' | 'expired'): PastEvent {
    this.bag.remove(entry);
    entry.term?.entries.delete(entry);
    if (entry.term?.isSpent) this.deadlines.clear(entry.term.deadline);
    return eventOf(kind, entry);
  }

  /** Makes a revision, if there is anything in it. */
  #record(events: readonly PastEvent[]): void {
    if (events.length > 0) this.history.record(events);
  }
}

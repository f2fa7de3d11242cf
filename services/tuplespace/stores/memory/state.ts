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
import type { Bag } from './bag.js';
import type { Author } from './call.js';
import type { Deadlines } from './deadlines.js';
import { type Draft, draft } from './draft.js';
import type { DumpRecord, StateKind } from './dump-shapes.js';
import { type Entry, visible } from './entry.js';
import { History, PastEvent } from './history.js';
import { Quotas } from './quotas.js';
import { Refused } from './refusal.js';
import { checkRoom } from './room.js';
import { findFirst, type Search } from './search.js';
import { Standing } from './standing.js';
import { dumpStanding, standingRestorer } from './standing-dump.js';
import type { Tally } from './tally.js';
import type { Term } from './terms.js';

/** Bounds that are the store's, not the space's. */
export interface StateBounds {
  readonly historyBytesMax: number;
  readonly auditMax: number;
  /**
   * Whether an effect is refused that would examine more than the space's limit. A replica guards its log instead: what is in it has
   * the same effect everywhere, whatever each replica's index has learnt.
   */
  readonly areEffectsGuarded: boolean;
  readonly tally: Tally;
}

export class SpaceState {
  readonly bag: Bag;
  readonly deadlines: Deadlines;
  readonly history: History;
  readonly audit: Audit;
  readonly quotas: Quotas;
  readonly #settings: EffectiveSettings;
  readonly #areEffectsGuarded: boolean;
  readonly #standing: Standing;
  #lastId = 0;

  constructor(settings: EffectiveSettings, bounds: StateBounds, ticketKey: string) {
    const { uniqueRules, historyMax } = settings;
    const { tally } = bounds;
    this.#settings = settings;
    this.#areEffectsGuarded = bounds.areEffectsGuarded;
    const record = (events: readonly PastEvent[]) => this.#record(events);
    this.#standing = new Standing({ uniqueRules, ticketKey, record, tally });
    this.bag = this.#standing.bag;
    this.deadlines = this.#standing.deadlines;
    this.history = new History({ eventsMax: historyMax, bytesMax: bounds.historyBytesMax });
    this.audit = new Audit(bounds.auditMax);
    this.quotas = new Quotas(settings.limits);
  }

  get revision(): bigint {
    return BigInt(this.history.revision);
  }

  *dump(): Generator<DumpRecord<StateKind>> {
    yield* dumpStanding(this.#standing, this.#lastId);
    yield* this.history.dump();
    yield* this.audit.dump();
    yield { kind: 'rates', state: this.quotas.rates() };
  }

  /** Returns what takes the records of `dump`, in their order, into this empty state. */
  restore(): (record: DumpRecord<StateKind>) => void {
    const restoreStanding = standingRestorer(this.#standing);
    return (record) => {
      switch (record.kind) {
        case 'history':
        case 'event':
          return this.history.restore(record);
        case 'audit':
        case 'refusal':
          return this.audit.restore(record);
        case 'rates':
          return this.quotas.restore(record.state);
        case 'standing':
          this.#lastId = record.state.lastId;
          return restoreStanding(record);
        default:
          return restoreStanding(record);
      }
    };
  }

  get leaseCount(): number {
    return this.#standing.leases.size;
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

  /** Whether a tuple stands, held ones included, that matches; however many have to be examined. */
  stands(template: Template): boolean {
    const search = this.search([template], { includeHeld: true });
    return findFirst({ ...search, examinedMax: Number.POSITIVE_INFINITY }, 1).length > 0;
  }

  /** The tuples of a hold. Errors: not_found (never was), failed_precondition (is over). */
  heldBy(holdToken: string): readonly Entry[] {
    return this.#standing.holds.find(holdToken).entries;
  }

  /** As `search`, for what an effect goes by. */
  effectSearch(templates: readonly Template[], options: { includeHeld?: boolean } = {}): Search {
    const search = this.search(templates, options);
    return this.#areEffectsGuarded ? search : { ...search, examinedMax: Number.POSITIVE_INFINITY };
  }

  /** Errors: not_found (never was), failed_precondition (is over). */
  checkLease(leaseId: string): void {
    this.#standing.leases.find(leaseId);
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
    this.#record(entries.map((entry) => this.#standing.remove(entry, 'taken')));
    return { tuples: entries.map(visible), revision: this.revision };
  }

  /** Sets free entries aside. Errors: not_found, failed_precondition (the lease). */
  hold(entries: readonly Entry[], wanted: { holdMs: number; leaseId?: string }, nowMs: number): TakeAnswer {
    const { leases, holds } = this.#standing;
    const lease = wanted.leaseId === undefined ? undefined : leases.find(wanted.leaseId);
    const hold = this.#standing.setAside(entries, { lease, untilMs: nowMs + wanted.holdMs });
    this.#record(entries.map((entry) => new PastEvent('held', entry)));
    return {
      tuples: entries.map(visible),
      holdToken: holds.textOf(hold),
      holdExpiresAtMs: hold.deadline.dueMs,
      revision: this.revision,
    };
  }

  /** Errors: as `TupleSpace.settle`, and for a commit as `TupleSpace.write`. */
  settle(holdToken: string, action: CheckedSettle, author: Author): SettleAnswer {
    const hold = this.#standing.holds.find(holdToken);
    switch (action.kind) {
      case 'commit': {
        const { ids } = this.#replace(hold.entries, action.tuples, { life: action.life, author });
        this.#standing.close(hold);
        return { ids, revision: this.revision };
      }
      case 'release':
        this.#record(this.#standing.giveBack(hold));
        return { ids: [], revision: this.revision };
      case 'extend':
        this.deadlines.set(hold.deadline, hold.endMs(author.nowMs + action.holdMs));
        return { ids: [], holdExpiresAtMs: hold.deadline.dueMs, revision: this.revision };
    }
  }

  /** Errors: as `TupleSpace.lease`; resource_exhausted. */
  lease({ leaseId, ttlMs, ifExpiresAtMs }: CheckedLease, nowMs: number): LeaseAnswer {
    const { leases } = this.#standing;
    const lease = leaseId === undefined ? this.#grant() : leases.find(leaseId);
    if (ifExpiresAtMs !== undefined && lease.deadline.dueMs !== ifExpiresAtMs)
      throw new ServiceError('aborted', `the lease ends at ${lease.deadline.dueMs}, not at ${ifExpiresAtMs}`);
    const expiresAtMs = nowMs + ttlMs;
    if (ttlMs === 0) this.#standing.revoke(lease);
    else this.deadlines.set(lease.deadline, expiresAtMs);
    return { leaseId: leases.textOf(lease), expiresAtMs, revision: this.revision };
  }

  #grant(): Term {
    const { leasesMax } = this.#settings.limits;
    const { leaseCount } = this;
    if (leaseCount >= leasesMax) throw overLimit('leasesMax', leasesMax, `${leaseCount} leases are granted`);
    return this.#standing.addLease();
  }

  /** Removes the held entries `leaving` and writes `tuples`, in one step, all or nothing. */
  #replace(
    leaving: readonly Entry[],
    tuples: readonly CheckedTuple[],
    { life, author }: { life: Life; author: Author },
  ): { ids: readonly bigint[] } {
    const standing = this.#standing;
    const lease = life.leaseId === undefined ? undefined : standing.leases.find(life.leaseId);
    const plan = this.#draft(leaving, tuples, { life, author });
    checkRoom(this.bag, { leaving, entering: plan.entries, caller: author.caller }, this.quotas);
    const events = leaving.map((entry) => standing.remove(entry, 'taken'));
    const needsTerm = life.ttlMs !== undefined && plan.entries.length > 0;
    const term = needsTerm ? standing.addTimeToLive(author.nowMs + life.ttlMs) : lease;
    standing.add(plan.entries, term);
    this.#lastId += plan.entries.length;
    this.#record(events, plan.entries);
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
    const { rule, standingId } = plan;
    throw new Refused(
      'already_exists',
      `rule "${rule}": tuple ${standingId} stands in the slot, and is another`,
      { by: plan, details: { standingId: String(standingId) } },
    );
  }

  /** Makes a revision, if there is anything in it. */
  #record(events: readonly PastEvent[], written: readonly Entry[] = []): void {
    if (events.length + written.length > 0) this.history.record(events, written);
  }
}

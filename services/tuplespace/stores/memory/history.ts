/**
 * The history of a space: what each revision did, as far back as its bounds allow. Watches read it by
 * revision and keep nothing but their place in it.
 */
import type { SpaceEventKind } from '../../space.js';
import { malformed } from './dump-parts.js';
import type { DumpRecord, EventShape } from './dump-shapes.js';
import type { Entry, Kept } from './entry.js';

export interface PastEvent extends Kept {
  readonly kind: SpaceEventKind;
}

/** What happened to an entry, as it is at this moment. */
export function eventOf(kind: SpaceEventKind, { tuple, hasBytes, bytes }: Entry): PastEvent {
  return { kind, tuple, hasBytes, bytes };
}

export interface HistoryBounds {
  /** Events that are kept. */
  readonly eventsMax: number;
  /** Canonical bytes of the tuples in them. */
  readonly bytesMax: number;
}

export class History {
  readonly #bounds: HistoryBounds;
  /** Index is the revision minus `#baseRevision`, minus 1. What stands before `#head` was forgotten. */
  #steps: (readonly PastEvent[])[] = [];
  #head = 0;
  #baseRevision = 0;
  #eventCount = 0;
  #bytes = 0;
  /** The newest step, while it is restored. */
  #restored: PastEvent[] | undefined;

  constructor(bounds: HistoryBounds) {
    this.#bounds = bounds;
  }

  /** The newest revision; 0 before the first. */
  get revision(): number {
    return this.#baseRevision + this.#steps.length;
  }

  /** All events after this revision, and after any later one, are still here. */
  get oldestRevision(): number {
    return this.#baseRevision + this.#head;
  }

  /**
   * Records one step, which becomes the next revision; forgets the oldest steps beyond the bounds, but never
   * this one.
   */
  record(events: readonly PastEvent[]): void {
    this.#steps.push(events);
    this.#count(events, 1);
    while (this.#isOver() && this.#head < this.#steps.length - 1) {
      this.#count(this.#steps[this.#head] ?? [], -1);
      this.#steps[this.#head] = [];
      this.#head += 1;
    }
    if (this.#head > 1_000 && this.#head > this.#steps.length / 2) {
      this.#steps = this.#steps.slice(this.#head);
      this.#baseRevision += this.#head;
      this.#head = 0;
    }
  }

  /** What a revision after `oldestRevision` did. */
  step(revision: number): readonly PastEvent[] {
    return this.#steps[revision - this.#baseRevision - 1] ?? [];
  }

  *dump(): Generator<DumpRecord<'history' | 'event'>> {
    yield { kind: 'history', state: { oldestRevision: this.oldestRevision } };
    for (let revision = this.oldestRevision + 1; revision <= this.revision; revision++) {
      for (const event of this.step(revision)) yield { kind: 'event', state: { revision, ...event } };
    }
  }

  /** Takes the records of `dump`, in their order. Errors: failed_precondition. */
  restore({ kind, state }: DumpRecord<'history' | 'event'>): void {
    if (kind === 'event') this.#restoreEvent(state);
    else this.#baseRevision = state.oldestRevision;
  }

  #restoreEvent({ revision, ...event }: EventShape): void {
    if (revision === this.revision + 1) {
      this.#restored = [];
      this.#steps.push(this.#restored);
    } else if (revision !== this.revision || this.#restored === undefined) {
      throw malformed(`an event of revision ${revision} follows on revision ${this.revision}`);
    }
    this.#restored.push(event);
    this.#count([event], 1);
  }

  #isOver(): boolean {
    return this.#eventCount > this.#bounds.eventsMax || this.#bytes > this.#bounds.bytesMax;
  }

  #count(events: readonly PastEvent[], sign: 1 | -1): void {
    this.#eventCount += sign * events.length;
    for (const event of events) this.#bytes += sign * event.bytes;
  }
}

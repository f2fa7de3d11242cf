/**
 * The history of a space: what each revision did, as far back as its bounds allow. Watches read it by
 * revision and keep nothing but their place in it.
 */
import type { SpaceEventKind } from '../../space.js';
import type { StoredTuple, Tuple } from '../../tuple.js';
import { malformed } from './dump-parts.js';
import type { DumpRecord, EventShape } from './dump-shapes.js';
import { bytesOf, type Entry, EntryRestorer, type Kept, tupleOf } from './entry.js';

/** What happened to an entry, and how often it had been delivered then: all else of it never changes. */
export class PastEvent implements Kept {
  readonly kind: SpaceEventKind;
  readonly #entry: Entry;
  readonly #deliveryCount: number;

  constructor(kind: SpaceEventKind, entry: Entry, deliveryCount = entry.deliveryCount) {
    this.kind = kind;
    this.#entry = entry;
    this.#deliveryCount = deliveryCount;
  }

  get tuple(): StoredTuple {
    return tupleOf(this.#entry, this.#deliveryCount);
  }

  get values(): Tuple {
    return this.#entry.values;
  }

  get bytes(): number {
    return this.#entry.bytes;
  }

  get hasBytes(): boolean {
    return this.#entry.hasBytes;
  }
}

export interface HistoryBounds {
  /** Events that are kept. */
  readonly eventsMax: number;
  /** Canonical bytes of the tuples in them. */
  readonly bytesMax: number;
}

/** What one revision did: `events`, and after them it wrote `written`, which make no object for each until somebody looks. */
interface Step {
  readonly events: readonly PastEvent[];
  readonly written: readonly Entry[];
}

const forgotten: Step = { events: [], written: [] };

export class History {
  readonly #bounds: HistoryBounds;
  /** Index is the revision minus `#baseRevision`, minus 1. What stands before `#head` was forgotten. */
  #steps: Step[] = [];
  #head = 0;
  #baseRevision = 0;
  #eventCount = 0;
  #bytes = 0;
  /** The newest step, while it is restored. */
  #restored: PastEvent[] | undefined;
  readonly #restorer = new EntryRestorer();

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
  record(events: readonly PastEvent[], written: readonly Entry[] = []): void {
    const step = { events, written };
    this.#steps.push(step);
    this.#count(step, 1);
    while (this.#isOver() && this.#head < this.#steps.length - 1) {
      this.#count(this.#steps[this.#head] ?? forgotten, -1);
      this.#steps[this.#head] = forgotten;
      this.#head += 1;
    }
    if (this.#head > 1_000 && this.#head > this.#steps.length / 2) {
      this.#steps = this.#steps.slice(this.#head);
      this.#baseRevision += this.#head;
      this.#head = 0;
    }
  }

  /** What a revision after `oldestRevision` did to tuples that are wanted; default: to all. */
  step(revision: number, isWanted: (values: Tuple) => boolean = () => true): PastEvent[] {
    const { events, written } = this.#steps[revision - this.#baseRevision - 1] ?? forgotten;
    const wanted = events.filter(({ values }) => isWanted(values));
    for (const entry of written) if (isWanted(entry.values)) wanted.push(new PastEvent('written', entry, 0));
    return wanted;
  }

  *dump(): Generator<DumpRecord<'history' | 'event'>> {
    yield { kind: 'history', state: { oldestRevision: this.oldestRevision } };
    for (let revision = this.oldestRevision + 1; revision <= this.revision; revision++) {
      for (const { kind, tuple, bytes, hasBytes } of this.step(revision)) {
        yield { kind: 'event', state: { revision, kind, tuple, bytes, hasBytes } };
      }
    }
  }

  /** Takes the records of `dump`, in their order. Errors: failed_precondition. */
  restore({ kind, state }: DumpRecord<'history' | 'event'>): void {
    if (kind === 'event') this.#restoreEvent(state);
    else this.#baseRevision = state.oldestRevision;
  }

  #restoreEvent({ revision, kind, ...kept }: EventShape): void {
    if (revision === this.revision + 1) {
      this.#restored = [];
      this.#steps.push({ events: this.#restored, written: [] });
    } else if (revision !== this.revision || this.#restored === undefined) {
      throw malformed(`an event of revision ${revision} follows on revision ${this.revision}`);
    }
    const event = new PastEvent(kind, this.#restorer.restore(kept));
    this.#restored.push(event);
    this.#count({ events: [event], written: [] }, 1);
  }

  #isOver(): boolean {
    return this.#eventCount > this.#bounds.eventsMax || this.#bytes > this.#bounds.bytesMax;
  }

  #count({ events, written }: Step, sign: 1 | -1): void {
    this.#eventCount += sign * (events.length + written.length);
    this.#bytes += sign * (bytesOf(events) + bytesOf(written));
  }
}

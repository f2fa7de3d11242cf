/**
 * A feed: what a watch delivers, frame by frame, from a place in the history. It keeps that place and, until
 * it is delivered, its snapshot; it holds up nobody. Frames come out synchronously; waiting for the next one
 * is watch.ts.
 */
import { ServiceError } from '../../../runtime/index.js';
import type { RequiredCursor, WatchFrame } from '../../space.js';
import type { Template } from '../../template.js';
import { matches } from '../../template.js';
import type { Tuple } from '../../tuple.js';
import { type Kept, visible } from './entry.js';
import type { History } from './history.js';

export interface FeedOptions {
  readonly incarnation: string;
  readonly history: History;
  /** Empty: all tuples. */
  readonly templates: readonly Template[];
}

/** Bounds of one frame of a snapshot; it has at least one tuple all the same. */
const frameTuplesMax = 1_000;
const frameBytesMax = 256 * 1024;

export class Feed {
  readonly #options: FeedOptions;
  /** All events up to this revision were delivered or did not match. */
  #revision: number;
  /** Undefined once delivered. */
  #snapshot: { readonly entries: readonly Kept[]; start: number } | undefined;
  #isProgressSent = false;

  /**
   * @param revision events after it are delivered
   * @param snapshot what stood at it, to be delivered first; must not change
   */
  constructor(options: FeedOptions, revision: number, snapshot?: readonly Kept[]) {
    this.#options = options;
    this.#revision = revision;
    this.#snapshot = snapshot && { entries: snapshot, start: 0 };
  }

  /**
   * The next frame; undefined when nothing has happened that the watch has not delivered. Errors:
   * out_of_range (the history was trimmed beyond the feed's place).
   */
  next(nowMs: number): WatchFrame | undefined {
    if (this.#snapshot !== undefined) return this.#nextOfSnapshot(this.#snapshot);
    const frame = this.#nextEvents();
    if (frame !== undefined || this.#isProgressSent) return frame;
    return this.progress(nowMs);
  }

  /** Says that nothing else matched so far. */
  progress(nowMs: number): WatchFrame {
    this.#isProgressSent = true;
    return { kind: 'progress', cursor: this.#cursor(), storeTimeMs: nowMs };
  }

  #nextOfSnapshot(snapshot: { readonly entries: readonly Kept[]; start: number }): WatchFrame {
    const { entries, start } = snapshot;
    let end = start;
    for (
      let bytes = 0;
      end < entries.length && end - start < frameTuplesMax && bytes < frameBytesMax;
      end++
    ) {
      bytes += entries[end]?.bytes ?? 0;
    }
    snapshot.start = end;
    const isLast = end === entries.length;
    if (isLast) this.#snapshot = undefined;
    return {
      kind: 'snapshot',
      cursor: this.#cursor(),
      tuples: entries.slice(start, end).map(visible),
      isLast,
    };
  }

  #nextEvents(): WatchFrame | undefined {
    const { history } = this.#options;
    if (this.#revision < history.oldestRevision) throw outOfHistory(this.#revision, this.#options);
    while (this.#revision < history.revision) {
      this.#revision += 1;
      const events = history.step(this.#revision, (values) => this.#isWanted(values));
      if (events.length > 0) {
        const shown = events.map((event) => ({ kind: event.kind, tuple: visible(event) }));
        return { kind: 'events', cursor: this.#cursor(), events: shown };
      }
    }
    return undefined;
  }

  #isWanted(values: Tuple): boolean {
    const { templates } = this.#options;
    return templates.length === 0 || templates.some((template) => matches(template, values));
  }

  #cursor(): RequiredCursor {
    return { incarnation: this.#options.incarnation, revision: BigInt(this.#revision) };
  }
}

/**
 * The error for a cursor that the history does not reach. Code: out_of_range, with `oldestRevision` and
 * `incarnation`.
 */
export function outOfHistory(
  revision: number | bigint,
  { incarnation, history }: Pick<FeedOptions, 'incarnation' | 'history'>,
): ServiceError {
  const { oldestRevision } = history;
  const reach = `it reaches from ${oldestRevision} to ${history.revision} of incarnation ${incarnation}`;
  const what =
    revision > history.revision
      ? `has not come to revision ${revision}, or the store has lost it since`
      : `has nothing after revision ${revision}`;
  const details = { oldestRevision: String(oldestRevision), incarnation };
  return new ServiceError('out_of_range', `cursor: the history ${what}, ${reach}`, { details });
}

/**
 * The frames of a watch, read by a check.
 */
import type { RequiredCursor, SpaceEvent, WatchFrame } from '../space.js';
import type { StoredTuple } from '../tuple.js';
import { kept } from './kept.suite.js';

/** An event with the place it stands at. */
export interface SeenEvent extends SpaceEvent {
  readonly cursor: RequiredCursor;
}

export class Frames {
  readonly #frames: AsyncIterator<WatchFrame>;
  #isOver = false;

  constructor(watch: AsyncIterable<WatchFrame>) {
    this.#frames = watch[Symbol.asyncIterator]();
  }

  /** The next frame; undefined when the watch is over. Rejects with what ended it. */
  next(): Promise<WatchFrame | undefined> {
    return kept(this.#next());
  }

  /** The next frame that is not about progress. */
  async nextNews(): Promise<Exclude<WatchFrame, { kind: 'progress' }>> {
    for (;;) {
      const frame = await this.next();
      if (frame === undefined) throw new Error('the watch is over');
      if (frame.kind !== 'progress') return frame;
    }
  }

  /** The snapshot, all its frames. */
  async snapshot(): Promise<{ readonly tuples: readonly StoredTuple[]; readonly cursor: RequiredCursor }> {
    const tuples: StoredTuple[] = [];
    for (;;) {
      const frame = await this.next();
      if (frame?.kind !== 'snapshot') throw new Error(`a ${frame?.kind} frame inside the snapshot`);
      tuples.push(...frame.tuples);
      if (frame.isLast) return { tuples, cursor: frame.cursor };
    }
  }

  /** The next `count` events; frames with more are an error. */
  async events(count: number): Promise<SeenEvent[]> {
    const events: SeenEvent[] = [];
    while (events.length < count) {
      const { kind, cursor, ...frame } = await this.nextNews();
      if (!('events' in frame)) throw new Error(`a ${kind} frame among the events`);
      events.push(...frame.events.map((event) => ({ ...event, cursor })));
    }
    if (events.length > count) throw new Error(`${events.length} events, ${count} expected`);
    return events;
  }

  /** The next `count` events as short lines: `3 written ["job",1]`. */
  async lines(count: number): Promise<string[]> {
    return (await this.events(count)).map(lineOf);
  }

  /** The next progress frame, with nothing before it. */
  async progress(): Promise<Extract<WatchFrame, { kind: 'progress' }>> {
    const frame = await this.next();
    if (frame?.kind !== 'progress') throw new Error(`a ${frame?.kind} frame instead of progress`);
    return frame;
  }

  async close(): Promise<void> {
    if (!this.#isOver) await this.#frames.return?.();
    this.#isOver = true;
  }

  async #next(): Promise<WatchFrame | undefined> {
    try {
      const { done, value } = await this.#frames.next();
      this.#isOver = done === true;
      return done ? undefined : value;
    } catch (error) {
      this.#isOver = true;
      throw error;
    }
  }
}

function lineOf({ cursor, kind, tuple }: SeenEvent): string {
  const values = JSON.stringify(tuple.values, (_, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
  return `${cursor.revision} ${kind} ${values}`;
}

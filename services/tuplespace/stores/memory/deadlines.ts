/**
 * Deadlines: what falls due when, by the store's time. First due first; what is due at the same time, in the
 * order in which it was set.
 */
import { Heap } from './heap.js';

/** Something that falls due. Owned by whoever sets it. */
export class Deadline {
  /** Called once, in the step that finds it due, after it has left the list. */
  readonly run: (nowMs: number) => void;
  dueMs = 0;
  /** Tells apart what is due at the same time. */
  sequence = 0;
  place = -1;

  constructor(run: (nowMs: number) => void) {
    this.run = run;
  }
}

export class Deadlines {
  #sequence = 0;
  readonly #heap = new Heap<Deadline>((left, right) =>
    left.dueMs === right.dueMs ? left.sequence < right.sequence : left.dueMs < right.dueMs,
  );

  /** The sequence of the deadline that was set last; 0 before the first. */
  get lastSequence(): number {
    return this.#sequence;
  }

  get size(): number {
    return this.#heap.size;
  }

  /** When the first is due; undefined when there is none. */
  get nextMs(): number | undefined {
    return this.#heap.first?.dueMs;
  }

  /** Sets a deadline, or moves it. O(log n). */
  set(deadline: Deadline, dueMs: number): void {
    this.#heap.remove(deadline);
    this.#sequence += 1;
    deadline.dueMs = dueMs;
    deadline.sequence = this.#sequence;
    this.#heap.add(deadline);
  }

  /** Sets a deadline as it was in other deadlines, of which `lastSequence` was the last. */
  restore(deadline: Deadline, { dueMs, sequence }: { dueMs: number; sequence: number }): void {
    deadline.dueMs = dueMs;
    deadline.sequence = sequence;
    this.#heap.add(deadline);
  }

  /** What is set from now on comes after this one. */
  continueAfter(lastSequence: number): void {
    this.#sequence = lastSequence;
  }

  /** Takes a deadline away; harmless when it has run or was never set. */
  clear(deadline: Deadline): void {
    this.#heap.remove(deadline);
  }

  /** Runs all that is due at `nowMs`. */
  run(nowMs: number): void {
    for (
      let first = this.#heap.first;
      first !== undefined && first.dueMs <= nowMs;
      first = this.#heap.first
    ) {
      this.#heap.remove(first);
      first.run(nowMs);
    }
  }
}

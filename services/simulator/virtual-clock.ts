/**
 * Time that passes only when nothing is left to do at the present moment: timers run in the order in which they are due,
 * those of one moment in the order in which they were set. One per simulation.
 */
import type { Clock, StopTimer } from '../runtime/index.js';

interface Timer {
  readonly dueMs: number;
  readonly sequence: number;
  readonly run: () => void;
  isStopped: boolean;
}

/** Where every simulation begins, in ms since 1970. */
const startMs = 1_700_000_000_000;

export class VirtualClock implements Clock {
  #nowMs = startMs;
  #sequence = 0;
  #liveCount = 0;
  /** A binary heap, the next timer first. Stopped timers stay until they come up. */
  readonly #heap: Timer[] = [];
  #activityCount = 0;

  wallMs(): number {
    return Math.floor(this.#nowMs);
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): StopTimer {
    this.touch();
    this.#sequence += 1;
    const dueMs = this.#nowMs + Math.max(0, delayMs);
    const timer: Timer = { dueMs, sequence: this.#sequence, run, isStopped: false };
    this.#liveCount += 1;
    this.#push(timer);
    return () => {
      if (timer.isStopped) return;
      timer.isStopped = true;
      this.#liveCount -= 1;
    };
  }

  /** Milliseconds since the simulation began. */
  get elapsedMs(): number {
    return this.#nowMs - startMs;
  }

  /** Timers that are set; a leak check. */
  get timerCount(): number {
    return this.#liveCount;
  }

  /** Rises whenever something happens; see `quiet`. */
  touch(): void {
    this.#activityCount += 1;
  }

  /** Goes to the next timer and runs it; false when there is none. */
  step(): boolean {
    for (let timer = this.#pop(); timer !== undefined; timer = this.#pop()) {
      if (timer.isStopped) continue;
      timer.isStopped = true;
      this.#liveCount -= 1;
      this.#nowMs = timer.dueMs;
      this.touch();
      timer.run();
      return true;
    }
    return false;
  }

  /**
   * Resolves when nothing is left to do at this moment. What runs in a simulation waits for timers, for promises, or for the next
   * turn of the event loop (`follow` does, once per frame); so a chain of work that is still going touches the clock, by a timer or by
   * a call to the space, at least every second turn.
   */
  async quiet(): Promise<void> {
    for (let quietTurns = 0; quietTurns < 3; ) {
      const before = this.#activityCount;
      await nextTurn();
      quietTurns = this.#activityCount === before ? quietTurns + 1 : 0;
    }
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(timer);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, timer)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = timer;
  }

  #pop(): Timer | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      const child = this.#lesserChild(place);
      const below = heap[child];
      if (below === undefined || isBefore(last, below)) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = last;
    return first;
  }

  #lesserChild(place: number): number {
    const left = 2 * place + 1;
    const [one, other] = [this.#heap[left], this.#heap[left + 1]];
    return one !== undefined && other !== undefined && isBefore(other, one) ? left + 1 : left;
  }
}

function isBefore(left: Timer, right: Timer): boolean {
  return left.dueMs === right.dueMs ? left.sequence < right.sequence : left.dueMs < right.dueMs;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

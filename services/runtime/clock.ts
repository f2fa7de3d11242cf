/**
 * Time as a parameter. Everything that waits or reads the time takes a `Clock`, so that tests and the simulator drive it by hand.
 */

/** Stops a timer; harmless when it has fired or was stopped before. */
export type StopTimer = () => void;

export interface Clock {
  /** Milliseconds since 1970, for times that leave the process. It may be stepped by the machine's administrator. */
  wallMs(): number;
  /** Milliseconds since an arbitrary start, with a fraction; never runs back. For durations. */
  monotonicMs(): number;
  /** Calls `run` once after `delayMs` (0 or more). The timer does not keep the process alive. */
  after(delayMs: number, run: () => void): StopTimer;
}

/** The machine's clock. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, Math.min(delayMs, longestTimeoutMs));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** setTimeout fires at once when asked for more than this. */
const longestTimeoutMs = 2 ** 31 - 1;

/** A clock that moves only when told to, and fires timers in the order in which they are due. */
export class ManualClock implements Clock {
  #nowMs: number;
  #sequence = 0;
  readonly #timers = new Map<number, { dueMs: number; run: () => void }>();

  constructor(startMs = 1_700_000_000_000) {
    this.#nowMs = startMs;
  }

  wallMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): StopTimer {
    this.#sequence += 1;
    const id = this.#sequence;
    this.#timers.set(id, { dueMs: this.#nowMs + delayMs, run });
    return () => void this.#timers.delete(id);
  }

  /** Moves time forward and fires every timer that falls due on the way, each at its own time. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (let next = this.#nextDue(untilMs); next !== undefined; next = this.#nextDue(untilMs)) {
      const [id, timer] = next;
      this.#timers.delete(id);
      this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
      timer.run();
    }
    this.#nowMs = untilMs;
  }

  /** How many timers are waiting; a test's leak check. */
  get timerCount(): number {
    return this.#timers.size;
  }

  #nextDue(untilMs: number): [number, { dueMs: number; run: () => void }] | undefined {
    let earliest: [number, { dueMs: number; run: () => void }] | undefined;
    for (const entry of this.#timers) {
      if (entry[1].dueMs <= untilMs && (earliest === undefined || entry[1].dueMs < earliest[1].dueMs))
        earliest = entry;
    }
    return earliest;
  }
}

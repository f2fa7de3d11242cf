/**
 * Where a general's time goes, phase by phase: space calls, waiting for others, the core's steps. The three never overlap, since a
 * general does one thing at a time; each belongs to the phase in which it began.
 */
import type { Clock } from '../runtime/index.js';

/** Milliseconds, with a fraction. */
export interface TimeSpent {
  readonly spaceCallMs: number;
  readonly waitingMs: number;
  readonly computeMs: number;
}

type Activity = 'spaceCall' | 'waiting';

export class Stopwatch {
  readonly #clock: Clock;
  readonly #phases: { -readonly [Key in keyof TimeSpent]: number }[] = [];
  #phase = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What begins from here on belongs to this phase, counted from 0. */
  enter(phase: number): void {
    this.#phase = phase;
  }

  /** What was spent so far in each phase, up to the last one that took any time. */
  phases(): readonly TimeSpent[] {
    return this.#phases.map((spent) => ({ ...spent }));
  }

  /** Runs something that takes time until its promise settles. */
  async during<T>(activity: Activity, run: () => Promise<T>): Promise<T> {
    const stop = this.#start(`${activity}Ms`);
    try {
      return await run();
    } finally {
      stop();
    }
  }

  /** Runs something that does not wait. */
  compute<T>(run: () => T): T {
    const stop = this.#start('computeMs');
    try {
      return run();
    } finally {
      stop();
    }
  }

  #start(key: keyof TimeSpent): () => void {
    const [phase, startedMs] = [this.#phase, this.#clock.monotonicMs()];
    return () => {
      while (this.#phases.length <= phase) this.#phases.push({ spaceCallMs: 0, waitingMs: 0, computeMs: 0 });
      const spent = this.#phases[phase];
      if (spent !== undefined) spent[key] += this.#clock.monotonicMs() - startedMs;
    };
  }
}

/** All phases together. */
export function totalSpent(phases: readonly TimeSpent[]): TimeSpent {
  const sum = (key: keyof TimeSpent) => phases.reduce((all, spent) => all + spent[key], 0);
  return { spaceCallMs: sum('spaceCallMs'), waitingMs: sum('waitingMs'), computeMs: sum('computeMs') };
}

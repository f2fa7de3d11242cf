/**
 * One for one: a child that fails is started again, alone, after a short pause. A child that fails more than `restartMax` times within
 * `restartWindowMs` is given up. The scheme is Erlang/OTP's (supervisor behaviour, "one_for_one", restart intensity).
 */
import type { Clock } from '../runtime/index.js';
import { pause } from '../tuplespace/index.js';

export interface SupervisorOptions {
  readonly clock: Clock;
  /** Restarts allowed within the window; one more and the child is given up. */
  readonly restartMax: number;
  readonly restartWindowMs: number;
  /** Pause before a restart, in ms. */
  readonly pauseMs: number;
}

/** Something that runs until it is done, fails, or is stopped by the signal. */
export interface Child {
  readonly name: string;
  /** `attempt` is 0 at first and rises with each restart. */
  run(signal: AbortSignal, attempt: number): Promise<void>;
  /** True for failures that another start cannot cure. */
  isFinal(error: unknown): boolean;
  /** Told of every failure; `isOver` when there will be no restart. */
  onFailure(error: unknown, isOver: boolean): void;
}

export type ChildStatus = 'running' | 'done' | 'failed';

interface Supervised {
  readonly stop: AbortController;
  ended: Promise<void>;
  status: ChildStatus;
  restartCount: number;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #children = new Map<string, Supervised>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Starts a child; one of the same name must have been stopped before. */
  start(child: Child): void {
    if (this.#children.has(child.name)) throw new Error(`${child.name} is supervised already`);
    const supervised: Supervised = {
      stop: new AbortController(),
      ended: Promise.resolve(),
      status: 'running',
      restartCount: 0,
    };
    this.#children.set(child.name, supervised);
    supervised.ended = this.#keepRunning(child, supervised);
  }

  /** What became of a child; undefined for one that is not supervised. */
  look(name: string): { readonly status: ChildStatus; readonly restartCount: number } | undefined {
    return this.#children.get(name);
  }

  /** Stops a child and forgets it; resolves once it has ended. Unknown names are no error. */
  async stop(name: string): Promise<void> {
    const supervised = this.#children.get(name);
    if (supervised === undefined) return;
    supervised.stop.abort();
    await supervised.ended;
    this.#children.delete(name);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#children.keys()].map((name) => this.stop(name)));
  }

  async #keepRunning(child: Child, supervised: Supervised): Promise<void> {
    const { clock, restartMax, restartWindowMs, pauseMs } = this.#options;
    const { signal } = supervised.stop;
    const restartsMs: number[] = [];
    while (!signal.aborted) {
      try {
        await child.run(signal, supervised.restartCount);
        supervised.status = 'done';
        return;
      } catch (error) {
        if (signal.aborted) return;
        const nowMs = clock.monotonicMs();
        while (restartsMs[0] !== undefined && restartsMs[0] <= nowMs - restartWindowMs) restartsMs.shift();
        const isOver = child.isFinal(error) || restartsMs.length >= restartMax;
        if (isOver) supervised.status = 'failed';
        child.onFailure(error, isOver);
        if (isOver) return;
        restartsMs.push(nowMs);
        supervised.restartCount += 1;
        await pause(clock, pauseMs, signal);
      }
    }
  }
}

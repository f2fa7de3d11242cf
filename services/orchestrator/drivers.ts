/**
 * The rounds that this orchestrator drives, each by a runner of its own.
 */
import type { RoundTuple } from '../general-node/index.js';
import type { Clock, Log } from '../runtime/index.js';
import { driveToEnd } from './drive-to-end.js';
import type { OrchestratorMetrics } from './metrics.js';
import { patiently } from './patiently.js';
import type { RoundSpace } from './round-space.js';
import type { RoundTraces } from './round-traces.js';
import type { Seating } from './seating.js';

export interface DriversOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly seating: Seating;
  readonly roundSpace: (number: number) => RoundSpace;
  readonly traces: RoundTraces;
  readonly metrics?: OrchestratorMetrics | undefined;
  /** Ends all of them. */
  readonly signal: AbortSignal;
}

interface Running {
  readonly round: RoundTuple;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

export class Drivers {
  readonly #options: DriversOptions;
  readonly #running = new Map<number, Running>();
  /** Of all runners, those too that only have to tidy up. */
  readonly #ends = new Set<Promise<void>>();

  constructor(options: DriversOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#running.size;
  }

  drives(number: number): boolean {
    return this.#running.has(number);
  }

  /** The round of this number, if it is driven. */
  driven(number: number): RoundTuple | undefined {
    return this.#running.get(number)?.round;
  }

  /** Drives a round to its end; one that is driven already goes on. */
  drive(round: RoundTuple, { isNew }: { readonly isNew: boolean }): void {
    const { number } = round;
    if (this.#running.has(number)) return;
    const { clock, seating, metrics, traces, roundSpace } = this.#options;
    const log = this.#options.log.with({ round: number });
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.#options.signal]);
    const ended = driveToEnd(round, { space: roundSpace(number), clock, log, metrics, signal, isNew })
      .then(() => {
        // From here on nobody moves its seats any more.
        this.#running.delete(number);
        return patiently({ clock, signal, log }, () => seating.withdraw(number));
      })
      .catch((error: unknown) => {
        traces.end(number, error);
        if (!signal.aborted) log.error('round.failed', { error });
      })
      .finally(() => {
        traces.end(number);
        if (this.#running.get(number)?.stop === stop) this.#running.delete(number);
        this.#ends.delete(ended);
      });
    this.#running.set(number, { round, stop, ended });
    this.#ends.add(ended);
  }

  /** Stops driving a round, which stays open; resolves when its runner has ended. */
  async stop(number: number): Promise<void> {
    const running = this.#running.get(number);
    running?.stop.abort();
    await running?.ended;
  }

  async stopAll(): Promise<void> {
    for (const { stop } of this.#running.values()) stop.abort();
    await Promise.all(this.#ends);
  }
}

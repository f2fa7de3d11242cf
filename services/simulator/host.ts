/**
 * A process of the simulated system: what it does at its time, it does not do while it is paused, and never again once it crashed.
 */
import type { Clock, StopTimer } from '../runtime/index.js';
import type { VirtualClock } from './virtual-clock.js';

/** Something of a host that a broken connection ends. */
export interface Connected {
  /** The connection broke: what is on its way is lost. */
  break(): void;
}

export class Host {
  readonly name: string;
  /** Time as the host's process sees it. Its timers wait out a pause and do not survive a crash. */
  readonly clock: Clock;
  /** What it has under way over the network, in order. */
  readonly connected = new Set<Connected>();
  readonly #virtual: VirtualClock;
  readonly #crash = new AbortController();
  #isPaused = false;
  #cutCount = 0;
  #held: (() => void)[] = [];

  constructor(name: string, virtual: VirtualClock) {
    this.name = name;
    this.#virtual = virtual;
    this.clock = {
      wallMs: () => virtual.wallMs(),
      monotonicMs: () => virtual.monotonicMs(),
      after: (delayMs, run) => this.after(delayMs, run),
    };
  }

  get isCrashed(): boolean {
    return this.#crash.signal.aborted;
  }

  /** Aborted by the crash. */
  get crashed(): AbortSignal {
    return this.#crash.signal;
  }

  get isCut(): boolean {
    return this.#cutCount > 0;
  }

  /** Runs this on the host in that time: later if it is paused then, never if it has crashed. */
  after(delayMs: number, run: () => void): StopTimer {
    let isStopped = false;
    const runUnlessStopped = () => {
      if (!isStopped && !this.isCrashed) run();
    };
    const stop = this.#virtual.after(delayMs, () => {
      if (this.#isPaused) this.#held.push(runUnlessStopped);
      else runUnlessStopped();
    });
    return () => {
      isStopped = true;
      stop();
    };
  }

  /** Stops in the middle of whatever it does, for so long. */
  pauseFor(durationMs: number): void {
    this.#isPaused = true;
    this.#virtual.after(durationMs, () => {
      this.#isPaused = false;
      for (const run of this.#held.splice(0)) this.#virtual.after(0, run);
    });
  }

  /** Loses the network for so long. */
  cutFor(durationMs: number): void {
    this.#cutCount += 1;
    this.breakConnections();
    this.#virtual.after(durationMs, () => {
      this.#cutCount -= 1;
    });
  }

  /** Is gone with all that it had in memory. */
  crash(): void {
    this.breakConnections();
    this.#crash.abort();
  }

  breakConnections(): void {
    for (const one of [...this.connected]) one.break();
  }
}

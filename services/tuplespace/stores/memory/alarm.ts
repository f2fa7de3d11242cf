/**
 * The alarm of a space: one timer that begins a step when the next deadline is due, so that expiry happens
 * without traffic.
 */
import type { Clock, StopTimer } from '../../../runtime/index.js';
import type { TimeSource } from './store-time.js';

export class Alarm {
  readonly #clock: Clock;
  readonly #time: TimeSource;
  readonly #ring: () => void;
  #set: { readonly dueMs: number; readonly stop: StopTimer } | undefined;

  constructor(clock: Clock, time: TimeSource, ring: () => void) {
    this.#clock = clock;
    this.#time = time;
    this.#ring = ring;
  }

  /** Rings at `dueMs` or before; undefined stops it. An earlier ring than needed costs an empty step. */
  setTo(dueMs: number | undefined): void {
    if (dueMs !== undefined && this.#set !== undefined && this.#set.dueMs <= dueMs) return;
    this.stop();
    if (dueMs === undefined) return;
    const ring = () => {
      this.#set = undefined;
      this.#ring();
    };
    this.#set = { dueMs, stop: this.#clock.after(Math.max(0, dueMs - this.#time.nowMs()), ring) };
  }

  stop(): void {
    this.#set?.stop();
    this.#set = undefined;
  }
}

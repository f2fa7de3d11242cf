/**
 * What a traitor says late on purpose: just before a phase is closed, or just after. A loyal general has nothing
 * here.
 *
 * A phase is closed `phaseMs` after the close before it (the first: after the start), by the store's clock. So is its last
 * moment found: by the store's time as the watch tells it, and by a timer of the node from there on. Whether a message was
 * in time is decided by its place in the space and by nothing else.
 */
import type { Timing, TraitorOutput } from '../consensus/index.js';
import type { Clock, StopTimer } from '../runtime/index.js';

export type Held = Extract<TraitorOutput, { kind: 'send-later' | 'stray' }>;

/** The part of the phase that passes before its last moment. */
const lastMomentShare = 0.85;

export class HeldBack {
  readonly #clock: Clock;
  readonly #phaseMs: number;
  #held: Held[] = [];
  #phase = -1;
  /** When the phase began, and the latest time that is known; both by the store's clock. */
  #begunAtMs = 0;
  #storeTimeMs = 0;
  #stopTimer: StopTimer = () => {};
  #moment: Promise<void> = Promise.resolve();
  #reach: () => void = () => {};
  #isMoment = false;

  constructor({ clock, phaseMs }: { clock: Clock; phaseMs: number }) {
    this.#clock = clock;
    this.#phaseMs = phaseMs;
  }

  get isEmpty(): boolean {
    return this.#held.length === 0;
  }

  /** The phase that runs. */
  get phase(): number {
    return this.#phase;
  }

  /** The time of a phase began: the round started, or the phase before it was closed. */
  begin(phase: number, begunAtMs: number): void {
    this.#phase = phase;
    this.#begunAtMs = begunAtMs;
    this.#isMoment = false;
    this.#moment = new Promise((resolve) => {
      this.#reach = resolve;
    });
    this.#awaitMoment();
  }

  /** The store's clock says so: a general that starts in mid-phase learns how much of the phase is over. */
  hearTime(storeTimeMs: number): void {
    this.#storeTimeMs = Math.max(this.#storeTimeMs, storeTimeMs);
    if (!this.#isMoment) this.#awaitMoment();
  }

  /** Resolves at the last moment of the running phase, once; then not before the next phase has its own. */
  async lastMoment(): Promise<'last-moment'> {
    await (this.#isMoment ? new Promise<void>(() => {}) : this.#moment);
    return 'last-moment';
  }

  /** The last moment of the running phase has come: what is held for it goes, and what comes later at once. */
  takeLastMoment(): readonly Held[] {
    this.#isMoment = true;
    return this.#take((held) => held.phase === this.#phase && held.when === 'last-moment');
  }

  /** What goes when a phase was closed: all of it and of the phases before, too late now. */
  takeLate(closedPhase: number): readonly Held[] {
    return this.#take((held) => held.phase <= closedPhase);
  }

  /** Keeps it; false when it is due at once. */
  keep(held: Held): boolean {
    const when: Timing | undefined = held.when;
    const isDue =
      held.phase < this.#phase || (this.#isMoment && held.phase === this.#phase && when !== 'late');
    if (when === undefined || isDue) return false;
    this.#held.push(held);
    return true;
  }

  /** Idempotent. */
  stop(): void {
    this.#stopTimer();
  }

  #awaitMoment(): void {
    this.stop();
    const passedMs = Math.max(0, this.#storeTimeMs - this.#begunAtMs);
    const leftMs = Math.max(0, this.#phaseMs * lastMomentShare - passedMs);
    this.#stopTimer = this.#clock.after(leftMs, this.#reach);
  }

  #take(isDue: (held: Held) => boolean): readonly Held[] {
    const due = this.#held.filter(isDue);
    this.#held = this.#held.filter((held) => !isDue(held));
    return due;
  }
}

/**
 * How the steps of a space are made. Every call is one step, which runs to its end before anything else happens:
 *
 * 1. what has fallen due by now ends, each deadline as a revision of its own, and waiting calls are served;
 * 2. the effect: one revision if it changes tuples;
 * 3. waiting calls that can now be answered are: reads before takes, each in the order of arrival;
 * 4. watches are told.
 *
 * Nothing comes between a search and the wait that follows it, so no wake-up is lost.
 */
import type { ServiceError, StopTimer } from '../../../runtime/index.js';
import { Alarm } from './alarm.js';
import type { Call } from './call.js';
import type { Pace } from './pace.js';
import type { Answers, Recorder, Requests } from './requests.js';
import type { SpaceState } from './state.js';
import type { Waiting } from './waiting.js';
import type { Watches } from './watches.js';

/** What takes part in the steps of a space. */
export interface SteppingOptions {
  readonly pace: Pace;
  readonly state: SpaceState;
  readonly requests: Requests;
  readonly waiting: Waiting;
  readonly watches: Watches;
}

/** How long to wait before the store is asked again whether its time goes on, in ms. */
const standStillMs = 100;

export class Stepping {
  readonly #options: SteppingOptions;
  readonly #alarms: { readonly deadlines: Alarm; readonly waits: Alarm };
  #nowMs = 0;
  /** Deadlines up to here have been told to `onDue`. */
  #toldMs = Number.NEGATIVE_INFINITY;
  #stopAsking: StopTimer = () => {};
  /** What calls get once the space has ended. */
  #makeEndError: (() => ServiceError) | undefined;

  constructor(options: SteppingOptions) {
    const { clock, presentTime, waitTime } = options.pace;
    this.#options = options;
    this.#alarms = {
      deadlines: new Alarm(clock, presentTime, () => this.#ring()),
      waits: new Alarm(clock, waitTime, () => this.run(() => {})),
    };
  }

  /** Store's time of the step. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Makes a step. Errors: those of the effect; that of the end. */
  run<Result>(effect: () => Result): Result {
    if (this.#makeEndError !== undefined) throw this.#makeEndError();
    const { pace, state, waiting, watches } = this.#options;
    this.#nowMs = pace.time.nowMs();
    state.deadlines.run(this.#nowMs);
    waiting.offer(state.bag.drainFreed());
    waiting.giveUp(pace.waitTime.nowMs());
    try {
      return effect();
    } finally {
      waiting.offer(state.bag.drainFreed());
      watches.poke();
      this.setAlarm();
    }
  }

  /** Makes a step for a call, or gives what its request id was answered before. */
  runOnce<Kind extends keyof Answers, Result>(
    kind: Kind,
    { caller, requestId }: Call,
    effect: (recorder: Recorder<Answers[Kind]>) => Result,
  ): Answers[Kind] | Result {
    return this.run(() => {
      this.#options.state.quotas.countStep(caller, this.#nowMs);
      const requester = { callerId: caller.id, requestId, nowMs: this.#nowMs };
      return this.#options.requests.once(kind, requester, effect);
    });
  }

  /** Ends what has fallen due. */
  expire(): void {
    const { pace, state } = this.#options;
    const { nextMs } = state.deadlines;
    const isDue = nextMs !== undefined && nextMs <= pace.time.nowMs();
    // What was told is not due: the store's clock was set back, and its time stands still until the clock has caught up.
    if (!isDue && nextMs !== undefined && nextMs <= this.#toldMs) {
      this.#askLater();
      return;
    }
    this.#toldMs = Number.NEGATIVE_INFINITY;
    if (isDue) this.run(() => {});
    else this.setAlarm();
  }

  /** Makes a step begin when the next thing is due, as far as it is known now. */
  setAlarm(): void {
    this.#alarms.deadlines.setTo(this.#untoldMs());
    this.#alarms.waits.setTo(this.#options.waiting.nextMs);
  }

  /** Every later step gets this error. Returns whether it is the first end. */
  end(makeError: () => ServiceError): boolean {
    if (this.#makeEndError !== undefined) return false;
    this.#makeEndError = makeError;
    this.#alarms.deadlines.stop();
    this.#alarms.waits.stop();
    this.#stopAsking();
    return true;
  }

  #askLater(): void {
    this.#stopAsking();
    this.#stopAsking = this.#options.pace.clock.after(standStillMs, () => {
      this.#toldMs = Number.NEGATIVE_INFINITY;
      this.setAlarm();
    });
  }

  /** Something may be due. */
  #ring(): void {
    const { pace, state } = this.#options;
    const { nextMs } = state.deadlines;
    const nowMs = pace.presentTime.nowMs();
    if (pace.onDue !== undefined && nextMs !== undefined && nextMs <= nowMs) {
      this.#toldMs = nowMs;
      pace.onDue();
    }
    this.run(() => {});
  }

  /** When the state's next deadline is due, unless that was told. */
  #untoldMs(): number | undefined {
    const { nextMs } = this.#options.state.deadlines;
    return nextMs === undefined || nextMs <= this.#toldMs ? undefined : nextMs;
  }
}

/**
 * The takes of a space: those that it makes itself, and those that only wait in it and are made elsewhere.
 */

import type { Caller } from '../../caller.js';
import type { CheckedTake } from '../../checks-request.js';
import type { TakeAnswer } from '../../space.js';
import { takeNow } from './answers.js';
import type { BlockedCall } from './blocked-call.js';
import type { Call } from './call.js';
import type { Guard } from './guard.js';
import type { Pace } from './pace.js';
import type { Recorder } from './requests.js';
import type { SpaceState } from './state.js';
import type { Stepping } from './stepping.js';
import type { Waiting } from './waiting.js';

/** A take that is made elsewhere, in as many attempts as it needs. */
export interface PatientTake {
  /** How many matches are missing now. */
  readonly missingCount: number;
  /** Begins an attempt and returns Infinity; who began it concludes the call. */
  readonly attempt: () => number;
  readonly giveUp: () => TakeAnswer | number;
  readonly caller: Caller;
  readonly admit: () => void;
  readonly signal: AbortSignal | undefined;
}

export interface TakesOptions {
  readonly pace: Pace;
  readonly state: SpaceState;
  readonly waiting: Waiting;
  readonly stepping: Stepping;
  readonly guard: Guard;
}

export class Takes {
  readonly #options: TakesOptions;

  constructor(options: TakesOptions) {
    this.#options = options;
  }

  /** Promises where the call waits. */
  take(request: CheckedTake, call: Call): TakeAnswer | Promise<TakeAnswer> {
    const { state, stepping, waiting } = this.#options;
    const { caller } = call;
    return stepping.runOnce('take', call, (recorder) => {
      const attempt = () => this.#attempt(request, { caller, recorder });
      const giveUp = () => recorder.keep({ tuples: [], revision: state.revision });
      const answer = attempt();
      if (typeof answer !== 'number') return answer;
      if (request.waitMs === 0) return giveUp();
      const onEnd = recorder.wait((error) => blocked.fail(error));
      const { templates } = request;
      const wait = { caller, templates, afterId: 0, missingCount: answer, attempt, giveUp, onEnd };
      const patience = { untilMs: this.#untilMs(request), admit: call.admit, signal: call.signal };
      const blocked: BlockedCall<TakeAnswer> = waiting.begin('take', { ...wait, ...patience });
      return blocked.promise;
    });
  }

  /** Takes now, or says how many matches are missing and leaves no record. */
  tryTake(request: CheckedTake, call: Call): TakeAnswer | number {
    try {
      return this.#options.stepping.runOnce('take', call, (recorder) => {
        const answer = this.#attempt(request, { caller: call.caller, recorder });
        if (typeof answer !== 'number') return answer;
        throw new Missing(answer);
      });
    } catch (error) {
      if (error instanceof Missing) return error.count;
      throw error;
    }
  }

  /** Waits for matches of a take that is made elsewhere. Errors: resource_exhausted. */
  awaitTake(request: CheckedTake, take: PatientTake): BlockedCall<TakeAnswer> {
    const { stepping, waiting } = this.#options;
    const { templates, max } = request;
    const wait = { templates, claimMax: max, afterId: 0, onEnd: () => {}, untilMs: this.#untilMs(request) };
    const blocked = waiting.begin<TakeAnswer>('take', { ...wait, ...take });
    stepping.setAlarm();
    return blocked;
  }

  /** Offers the matches that a waiter had claimed, and that are still free, to the others. */
  disclaim(waiter: BlockedCall<TakeAnswer>): void {
    const entries = waiter.disclaim();
    if (entries.length > 0) this.#options.waiting.offer(entries);
  }

  #attempt(
    request: CheckedTake,
    { caller, recorder }: { caller: Caller; recorder: Recorder<TakeAnswer> },
  ): TakeAnswer | number {
    const { state, stepping, guard } = this.#options;
    guard.checkTemplates('take', caller, request.templates);
    if (request.leaseId !== undefined) state.checkLease(request.leaseId);
    const taken = takeNow(state, request, stepping.nowMs);
    return 'answer' in taken ? recorder.keep(taken.answer, taken.bytes) : taken.missingCount;
  }

  #untilMs({ waitMs }: CheckedTake): number {
    return this.#options.pace.waitTime.nowMs() + waitMs;
  }
}

/** Thrown by a take that is not satisfied, so that nothing records it. */
class Missing extends Error {
  readonly count: number;

  constructor(count: number) {
    super();
    this.count = count;
  }
}

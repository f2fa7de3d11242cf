/**
 * A take that waits. Each attempt goes through the log; between two attempts the call waits in its replica for tuples that it may get.
 * An attempt that finds too little tells so in the step that applies it, and the wait begins there: no wake-up is lost. While an
 * attempt is under way the tuples that woke the call are claimed, so that one new tuple makes one waiter try.
 */
import type { TakeAnswer, TakeRequest } from '../../space.js';
import { type BlockedCall, type MemorySpace, onAbort } from '../memory/index.js';
import type { Outcome } from './applier.js';
import { StaleSearch } from './command.js';
import type { Replica } from './replica.js';

export interface PatientTakeOptions {
  readonly replica: Replica;
  readonly tokenHash: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The first ones leave no record where they find too little; the last one is answered and recorded all the same. */
type Attempt = 'tryTake' | 'take';

interface Wait {
  readonly space: MemorySpace;
  readonly blocked: BlockedCall<TakeAnswer>;
}

export class PatientTake {
  readonly promise: Promise<TakeAnswer>;
  readonly #request: TakeRequest;
  readonly #options: PatientTakeOptions;
  #resolve: (answer: TakeAnswer) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #forget: () => void = () => {};
  /** Set from the first attempt that found too little. */
  #wait: Wait | undefined;
  #isUnderWay = false;
  /** The time to wait is over: the attempt under way is the last but one. */
  #isLate = false;
  #isOver = false;

  constructor(request: TakeRequest, options: PatientTakeOptions) {
    this.#request = request;
    this.#options = options;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { replica, tokenHash, signal } = options;
    const { requestId } = request;
    const unhook = onAbort(signal, () => this.#fail(signal?.reason));
    const unwait = requestId && replica.waits.add({ tokenHash, requestId }, (error) => this.#fail(error));
    this.#forget = () => {
      unhook();
      unwait?.();
    };
    this.#attemptOrFail('tryTake');
  }

  /** Errors: those that the take is refused with by now. */
  #attempt(kind: Attempt): void {
    const { replica, tokenHash } = this.#options;
    const { waitMs: _, ...request } = this.#request;
    const { checked, reach } = replica.machine.steps(tokenHash).check({ kind: 'take', request });
    this.#isUnderWay = true;
    replica.propose({ kind, tokenHash, request, reach }, (outcome) => this.#conclude(kind, outcome), checked);
  }

  #attemptOrFail(kind: Attempt): void {
    try {
      this.#attempt(kind);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** An attempt came to something, in the step that applied it. */
  #conclude(kind: Attempt, outcome: Outcome): void {
    this.#isUnderWay = false;
    if ('error' in outcome && outcome.error instanceof StaleSearch) this.#attemptOrFail(kind);
    else if ('error' in outcome) this.#fail(outcome.error);
    else if (typeof outcome.answer === 'number') this.#miss(outcome.answer);
    else this.#succeed(outcome.answer as TakeAnswer);
    if (this.#isUnderWay) return;
    const wait = this.#wait;
    wait?.space.takes.disclaim(wait.blocked);
  }

  #miss(missingCount: number): void {
    if (this.#isOver) return;
    if (this.#isLate) this.#attemptOrFail('take');
    else if (this.#wait === undefined) this.#begin(missingCount);
    else this.#wait.blocked.missingCount = missingCount;
  }

  #begin(missingCount: number): void {
    const { replica, tokenHash } = this.#options;
    const attempt = () => {
      this.#attempt('tryTake');
      return Number.POSITIVE_INFINITY;
    };
    const giveUp = () => {
      this.#isLate = true;
      if (!this.#isUnderWay) this.#attempt('take');
      return Number.POSITIVE_INFINITY;
    };
    const wait = { missingCount, attempt, giveUp, signal: undefined };
    try {
      this.#wait = replica.machine.steps(tokenHash).awaitTake(this.#request, wait);
      // The space was dropped, or the store lost.
      this.#wait.blocked.promise.catch((error: unknown) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    }
  }

  #succeed(answer: TakeAnswer): void {
    this.#end();
    this.#wait?.blocked.succeed(answer);
    this.#resolve(answer);
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#end();
    this.#wait?.blocked.fail(error);
    this.#reject(error);
  }

  #end(): void {
    this.#isOver = true;
    this.#forget();
  }
}

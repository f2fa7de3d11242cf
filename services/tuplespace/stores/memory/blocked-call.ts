/**
 * A blocked call: a read or take that waits for matches. It ends once: served, given up at its deadline,
 * cancelled by its signal, or failed; and before its promise settles, nothing knows it any more.
 */
import type { Template } from '../../template.js';
import { onAbort } from './abort-hooks.js';
import { Deadline } from './deadlines.js';
import type { Entry } from './entry.js';
import type { Waiter } from './waiters.js';

export interface BlockedCallOptions<Answer extends object> {
  readonly templates: readonly Template[];
  readonly afterId: number;
  /** How many entries an attempt that has not ended keeps from other waiters; default 0. */
  readonly claimMax?: number;
  /** Throws once the caller may no longer be answered. */
  readonly admit: () => void;
  /** Searches anew: the answer, or how many matches are missing. */
  readonly attempt: () => Answer | number;
  /** The answer when the wait is over. */
  readonly giveUp: () => Answer | number;
  /** Takes the call out of all that knows it. */
  readonly leave: () => void;
  readonly signal: AbortSignal | undefined;
}

export class BlockedCall<Answer extends object> implements Waiter {
  arrival = 0;
  missingCount: number;
  readonly templates: readonly Template[];
  readonly afterId: number;
  readonly claimMax: number;
  /** Set it to when the call has waited long enough. */
  readonly deadline = new Deadline(() => this.conclude(this.#options.giveUp));
  readonly promise: Promise<Answer>;
  #claimed: Entry[] = [];
  readonly #options: BlockedCallOptions<Answer>;
  readonly #unhook: () => void;
  #isOver = false;
  #resolve: (answer: Answer) => void = () => {};
  #reject: (reason: unknown) => void = () => {};

  /** @param missingCount how many matches are missing now */
  constructor(missingCount: number, options: BlockedCallOptions<Answer>) {
    this.missingCount = missingCount;
    this.templates = options.templates;
    this.afterId = options.afterId;
    this.claimMax = options.claimMax ?? 0;
    this.#options = options;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#unhook = onAbort(options.signal, () => this.fail(options.signal?.reason));
  }

  attempt(): void {
    this.conclude(this.#options.attempt);
  }

  claim(entry: Entry): void {
    entry.claim = this;
    this.#claimed.push(entry);
  }

  /** Gives up its claims, and returns what they were. */
  disclaim(): readonly Entry[] {
    const claimed = this.#claimed.filter((entry) => entry.claim === this);
    this.#claimed = [];
    for (const entry of claimed) entry.claim = undefined;
    return claimed;
  }

  /** Ends the call with an answer. */
  succeed(answer: Answer): void {
    if (this.#isOver) return;
    this.#leave();
    this.#resolve(answer);
  }

  /** Ends the call with an error. */
  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#leave();
    this.#reject(error);
  }

  /** Ends the call with what `answer` gives or throws, unless that is only a number of missing matches. */
  conclude(answer: () => Answer | number): void {
    if (this.#isOver) return;
    try {
      this.#options.admit();
      const result = answer();
      if (typeof result === 'number') {
        this.missingCount = result;
        return;
      }
      this.#leave();
      this.#resolve(result);
    } catch (error) {
      this.fail(error);
    }
  }

  #leave(): void {
    this.#isOver = true;
    this.#unhook();
    this.#options.leave();
  }
}

/**
 * A blocked call: a read or take that waits for matches. It ends once: served, given up at its deadline,
 * cancelled by its signal, or failed; and before its promise settles, nothing knows it any more.
 */
import type { Template } from '../../template.js';
import { onAbort } from './abort-hooks.js';
import { Deadline } from './deadlines.js';
import type { Waiter } from './waiters.js';

export interface BlockedCallOptions<Answer extends object> {
  readonly templates: readonly Template[];
  readonly afterId: number;
  /** Throws once the caller may no longer be answered. */
  readonly admit: () => void;
  /** Searches anew: the answer, or how many matches are missing. */
  readonly attempt: () => Answer | number;
  /** The answer when the wait is over. */
  readonly giveUp: () => Answer;
  /** Takes the call out of all that knows it. */
  readonly leave: () => void;
  readonly signal: AbortSignal | undefined;
}

export class BlockedCall<Answer extends object> implements Waiter {
  arrival = 0;
  missingCount: number;
  readonly templates: readonly Template[];
  readonly afterId: number;
  /** Set it to when the call has waited long enough. */
  readonly deadline = new Deadline(() => this.#conclude(this.#options.giveUp));
  readonly promise: Promise<Answer>;
  readonly #options: BlockedCallOptions<Answer>;
  readonly #unhook: () => void;
  #resolve: (answer: Answer) => void = () => {};
  #reject: (reason: unknown) => void = () => {};

  /** @param missingCount how many matches are missing now */
  constructor(missingCount: number, options: BlockedCallOptions<Answer>) {
    this.missingCount = missingCount;
    this.templates = options.templates;
    this.afterId = options.afterId;
    this.#options = options;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#unhook = onAbort(options.signal, () => this.fail(options.signal?.reason));
  }

  attempt(): void {
    this.#conclude(this.#options.attempt);
  }

  /** Ends the call with an error. */
  fail(error: unknown): void {
    this.#leave();
    this.#reject(error);
  }

  /** Ends the call with what `answer` gives or throws, unless that is only a number of missing matches. */
  #conclude(answer: () => Answer | number): void {
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
    this.#unhook();
    this.#options.leave();
  }
}

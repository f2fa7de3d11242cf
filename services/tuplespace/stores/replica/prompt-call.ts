/**
 * A call that changes tuples and does not wait for others: checked here, so that the log keeps only what may have an effect, and then
 * brought into the log; checked anew where its search may reach further by then. There are many of these at once, so each makes do with
 * one promise.
 */
import { ServiceError } from '../../../runtime/index.js';
import { onAbort, type Steps, type UncheckedCall } from '../memory/index.js';
import type { Outcome } from './applier.js';
import { type Command, StaleSearch } from './command.js';
import type { Replica } from './replica.js';

export interface PromptCallOptions {
  readonly replica: Replica;
  readonly tokenHash: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** How often a call is tried whose search may reach further than it did when the call was proposed. */
const staleMax = 10;

export class PromptCall {
  readonly promise: Promise<unknown>;
  readonly #call: UncheckedCall;
  readonly #options: PromptCallOptions;
  #resolve: (answer: unknown) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #takeBack: () => boolean = () => false;
  #unhook: () => void = () => {};
  #attemptCount = 0;
  #isGivenUp = false;

  constructor(call: UncheckedCall, options: PromptCallOptions) {
    this.#call = call;
    this.#options = options;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { signal } = options;
    if (signal?.aborted) this.#reject(signal.reason);
    else {
      if (signal !== undefined) this.#unhook = onAbort(signal, () => this.#giveUp(signal.reason));
      this.#attempt();
    }
  }

  #attempt(): void {
    this.#attemptCount += 1;
    let found: ReturnType<Steps['check']>;
    try {
      found = this.#check();
    } catch {
      // It may be that only this replica's state says so, which is behind.
      this.#options.replica
        .sync()
        .then(() => this.#propose(this.#check()))
        .catch((error: unknown) => this.#fail(error));
      return;
    }
    try {
      this.#propose(found);
    } catch (error) {
      this.#fail(error);
    }
  }

  #check(): ReturnType<Steps['check']> {
    const { replica, tokenHash } = this.#options;
    return replica.machine.steps(tokenHash).check(this.#call);
  }

  #propose({ checked, reach }: ReturnType<Steps['check']>): void {
    if (this.#isGivenUp) return;
    const { replica, tokenHash } = this.#options;
    const { kind, request } = this.#call;
    const { requestId } = request;
    if (requestId !== undefined) replica.waits.supersede({ tokenHash, requestId }, kind);
    const command = { kind, tokenHash, request, reach } as Command;
    this.#takeBack = replica.propose(command, (outcome) => this.#conclude(outcome), checked);
    this.#foresee();
  }

  /**
   * Lets takes that wait in this replica go into the log right behind what they may be waiting for, and not only when that has come
   * back from it. Where it comes to nothing, they find nothing and wait on.
   */
  #foresee(): void {
    const { kind, request } = this.#call;
    const action = kind === 'settle' ? request.action : undefined;
    const tuples = kind === 'write' ? request.tuples : action?.kind === 'commit' ? action.tuples : undefined;
    if (tuples === undefined) return;
    const { spaces } = this.#options.replica.machine;
    if (spaces.has(request.space)) spaces.get(request.space).foresee(tuples);
  }

  #conclude(outcome: Outcome): void {
    if (!('error' in outcome)) {
      this.#unhook();
      this.#resolve(outcome.answer);
    } else if (!(outcome.error instanceof StaleSearch)) this.#fail(outcome.error);
    else if (this.#attemptCount < staleMax) this.#attempt();
    else this.#fail(new ServiceError('aborted', `the space changed ${staleMax} times meanwhile`));
  }

  /** What is on its way to the log happens all the same, as with any answer that was lost. */
  #giveUp(reason: unknown): void {
    this.#isGivenUp = true;
    this.#takeBack();
    this.#reject(reason);
  }

  #fail(error: unknown): void {
    this.#unhook();
    this.#reject(error);
  }
}

/**
 * The appending side of a replica: brings proposals into the log, one append at a time, and applies what each comes to. What is
 * proposed while an append is under way shares the next.
 */
import { ServiceError } from '../../../runtime/index.js';
import type { Outcome } from './applier.js';
import type { Command } from './command.js';
import type { Follower } from './follower.js';
import type { OpenLog } from './log.js';
import { Proposals } from './proposals.js';

export interface AppendsOptions {
  /** Id of the replica. */
  readonly replica: string;
  readonly follower: Follower;
  /** The log that is open now; undefined while there is none. */
  readonly log: () => OpenLog | undefined;
  /** Applies all that the log has. */
  readonly catchUp: (log: OpenLog) => Promise<void>;
  /** Told the store's time with each answer. */
  readonly hear: (timeMs: number) => void;
  readonly lose: (log: OpenLog, reason: unknown) => void;
  /** Called after each append. */
  readonly onAppended: () => void;
}

export class Appends {
  readonly #options: AppendsOptions;
  readonly #proposals: Proposals;
  #isFlushing = false;

  constructor(options: AppendsOptions) {
    this.#options = options;
    this.#proposals = new Proposals(options.replica);
  }

  /** As `Replica.propose`. */
  propose(command: Command, conclude: (outcome: Outcome) => void): () => boolean {
    const takeBack = this.#proposals.add(command, conclude);
    if (!this.#isFlushing) {
      this.#isFlushing = true;
      // What other calls of this turn propose goes with it.
      setImmediate(() => void this.#flush());
    }
    return takeBack;
  }

  /** A command of a batch has been applied. */
  outcome(batch: { replica: string; number: number }, index: number, outcome: Outcome): void {
    this.#proposals.outcome(batch, index, outcome);
  }

  /** Ends all that is under way: it may have happened or not. */
  fail(error: ServiceError): void {
    this.#proposals.fail(error);
  }

  async #flush(): Promise<void> {
    for (;;) {
      const log = this.#options.log();
      if (log === undefined || !this.#proposals.hasQueued) break;
      try {
        await this.#append(log, this.#proposals.next());
        this.#options.onAppended();
      } catch (error) {
        if (log !== this.#options.log()) continue;
        const isFull = error instanceof ServiceError && error.code === 'resource_exhausted';
        if (isFull) this.#proposals.settle(error);
        else this.#options.lose(log, error);
      }
    }
    this.#isFlushing = false;
  }

  async #append(log: OpenLog, body: Buffer): Promise<void> {
    const { follower, catchUp, hear } = this.#options;
    const { position, timeMs, missed } = await log.append(follower.position, body);
    if (log !== this.#options.log()) return;
    follower.apply(missed);
    if (follower.position < position - 1) await catchUp(log);
    if (log !== this.#options.log()) return;
    follower.apply([{ position, timeMs, body }]);
    hear(timeMs);
    // A place that this replica has applied something else at: the log is not what it was.
    if (!this.#proposals.settle()) {
      throw new ServiceError(
        'unavailable',
        `the log has lost what it had acknowledged before entry ${position}`,
      );
    }
  }
}

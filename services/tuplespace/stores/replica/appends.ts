/**
 * The appending side of a replica: brings proposals into the log, a batch to an append, and applies what each comes to. A few appends
 * are under way at once, so that the store commits one while the replica makes ready the next and applies the last; the log keeps their
 * order. What is proposed while there are that many shares the next.
 */
import { ServiceError } from '../../../runtime/index.js';
import type { CheckedCall } from '../memory/index.js';
import type { Outcome } from './applier.js';
import type { Command } from './command.js';
import type { Follower } from './follower.js';
import type { Appended, OpenLog } from './log.js';
import { Proposals, type Sent } from './proposals.js';

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

/** Appends that are under way at once at most: one that the store commits, and one that it has at hand when that is done. */
const underWayMax = 2;

/** So many proposals go off at once, if they may; fewer wait for what else the turn of the event loop brings. */
const promptCount = 32;

export class Appends {
  readonly #options: AppendsOptions;
  readonly #proposals: Proposals;
  #isFlushDue = false;

  constructor(options: AppendsOptions) {
    this.#options = options;
    this.#proposals = new Proposals(options.replica);
  }

  /** Appends that were sent and not answered. */
  get underWayCount(): number {
    return this.#proposals.sentCount;
  }

  /** As `Replica.propose`. */
  propose(command: Command, conclude: (outcome: Outcome) => void, checked?: CheckedCall): () => boolean {
    const takeBack = this.#proposals.add(command, conclude, checked);
    if (this.#proposals.queuedCount >= promptCount) this.#flush();
    else this.#flushLater();
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

  /** What other calls of this turn propose goes with it. */
  #flushLater(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(() => {
      this.#isFlushDue = false;
      this.#flush();
    });
  }

  #flush(): void {
    const log = this.#options.log();
    if (log === undefined) return;
    const { queuedCount, sentCount } = this.#proposals;
    if (queuedCount > 0 && sentCount < underWayMax) void this.#send(log);
  }

  /** Never rejects: an error is the batch's outcome, or the loss of the log. */
  async #send(log: OpenLog): Promise<void> {
    // Those that are under way come before it, so it needs to be told of nothing that stands before them.
    const after = this.#options.follower.position + this.#proposals.sentCount;
    const batch = this.#proposals.next();
    try {
      await this.#conclude(log, batch, await log.append(after, batch.body));
      this.#options.onAppended();
    } catch (error) {
      if (log !== this.#options.log()) return;
      const isFull = error instanceof ServiceError && error.code === 'resource_exhausted';
      if (isFull) this.#proposals.settle(batch.number, error);
      else this.#options.lose(log, error);
    }
    this.#flush();
  }

  async #conclude(log: OpenLog, batch: Sent, { position, timeMs, missed }: Appended): Promise<void> {
    const { follower, catchUp, hear } = this.#options;
    if (log !== this.#options.log()) return;
    follower.apply(missed);
    if (follower.position < position - 1) await catchUp(log);
    if (log !== this.#options.log()) return;
    follower.applyOne({ position, timeMs, body: batch.body }, batch);
    hear(timeMs);
    // A place that this replica has applied something else at: the log is not what it was.
    if (!this.#proposals.settle(batch.number)) {
      throw new ServiceError(
        'unavailable',
        `the log has lost what it had acknowledged before entry ${position}`,
      );
    }
  }
}

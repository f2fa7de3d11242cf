/**
 * A replica: the state machine, kept up with the log. It proposes commands, applies what the log brings, and tells when all that was
 * acknowledged before a moment is applied. When the store is lost, all that is under way ends with unavailable, and the replica
 * goes on from its own state once the log is back and is still the same; else it begins again from the log's snapshot.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock, ServiceError } from '../../../runtime/index.js';
import type { StoreFigures } from '../../metrics.js';
import type { CheckedCall, Machine } from '../memory/index.js';
import { Appends } from './appends.js';
import { Applier, type Outcome } from './applier.js';
import type { Command, SharedOptions } from './command.js';
import { LogTime, StoreTimeEstimate } from './drive.js';
import { Follower } from './follower.js';
import type { LogFacts, LogOpener, OpenLog } from './log.js';
import { SharedRun } from './shared-run.js';
import { Snapshots } from './snapshots.js';
import { lost, stopping } from './unavailable.js';
import { WaitingRequests } from './waiting-requests.js';

export interface ReplicaOptions {
  readonly clock: Clock;
  readonly opener: LogOpener;
  readonly options: SharedOptions;
  /** Entries since the last snapshot that make another one worth it; default 50,000. */
  readonly snapshotEvery?: number;
  /** Told when the store is lost and when it is back. */
  readonly onHealth: (isServing: boolean, reason?: Error) => void;
}

/** How long to wait before the log is opened anew, in ms: doubled from the first to the last. */
const reopenMs = { first: 50, last: 1_000 };

export class Replica {
  readonly id = randomUUID();
  readonly storeTime: StoreTimeEstimate;
  readonly waits = new WaitingRequests();
  readonly #options: ReplicaOptions;
  readonly #appends: Appends;
  readonly #snapshots: Snapshots;
  readonly #follower: Follower;
  readonly #pulls = new SharedRun(() => this.#catchUp(this.#log));
  readonly #expiries = new SharedRun(() => this.#make({ kind: 'expire', tokenHash: undefined, request: {} }));
  #log: OpenLog | undefined;
  #facts: LogFacts | undefined;
  #isOpening = false;
  #isStopped = false;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.storeTime = new StoreTimeEstimate(options.clock);
    this.#snapshots = new Snapshots({
      everyCount: options.snapshotEvery ?? 50_000,
      patience: Number.parseInt(this.id.slice(0, 4), 16) / 0xffff,
      newApplier: () => this.#newApplier(),
    });
    this.#follower = new Follower({
      newApplier: () => this.#newApplier(),
      onSnapshot: (position) => this.#snapshots.took(position),
      onApplied: ({ body }) => this.#snapshots.grew(body.length),
    });
    this.#appends = new Appends({
      replica: this.id,
      follower: this.#follower,
      log: () => this.#log,
      catchUp: (log) => this.#catchUp(log),
      hear: (timeMs) => this.storeTime.hear(timeMs),
      lose: (log, reason) => this.#lose(log, reason),
      onAppended: () => this.#snapshots.consider(this.#log, this.#follower.position),
    });
  }

  /** Errors: those of `LogOpener.open`. */
  start(): Promise<void> {
    return this.#open();
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const log = this.#log;
    this.#log = undefined;
    this.#appends.fail(stopping());
    this.#follower.machine?.spaces.close();
    await this.#snapshots.idle();
    await log?.close();
  }

  get facts(): LogFacts {
    if (this.#facts === undefined) throw stopping();
    return this.#facts;
  }

  /** The state as far as it is applied. Errors: unavailable while the store is lost, and after the stop. */
  get machine(): Machine {
    const { machine } = this.#follower;
    if (this.#log === undefined || machine === undefined) throw this.#unavailable();
    return machine;
  }

  /** What stands in the state; undefined while the store is lost. */
  get figures(): StoreFigures | undefined {
    return this.#log === undefined ? undefined : this.#follower.machine?.figures();
  }

  /**
   * Brings a command into the log; `checked` is what its request was checked to be. `conclude` is called in the step that applies it,
   * before anything else is applied; the returned function takes back what was not sent yet.
   */
  propose(command: Command, conclude: (outcome: Outcome) => void, checked?: CheckedCall): () => boolean {
    if (this.#log === undefined) {
      conclude({ error: this.#unavailable() });
      return () => false;
    }
    return this.#appends.propose(command, conclude, checked);
  }

  /** Resolves when all that was acknowledged, by any replica, before this call is applied here. Errors: unavailable. */
  sync(): Promise<void> {
    return this.#pulls.run();
  }

  /** Ends what has fallen due by the store's time, as a step of the log. */
  expire(): Promise<void> {
    // Where it does not come to that, the calls that rely on it are told why.
    return this.#expiries.run().catch(() => {});
  }

  #unavailable(): ServiceError {
    return this.#isStopped ? stopping() : lost();
  }

  /** Applies all that the log has. Errors: unavailable; the log is then lost. */
  async #catchUp(log: OpenLog | undefined): Promise<void> {
    if (log === undefined) throw this.#unavailable();
    try {
      await this.#applyAll(log);
    } catch (error) {
      this.#lose(log, error);
    }
    if (log !== this.#log) throw this.#unavailable();
  }

  async #applyAll(log: OpenLog): Promise<void> {
    for (;;) {
      const { entries, headPosition, timeMs } = await log.pull(this.#follower.position);
      if (log !== this.#log) return;
      this.#follower.apply(entries);
      this.storeTime.hear(timeMs);
      if (this.#follower.position >= headPosition) return;
    }
  }

  #lose(log: OpenLog, reason: unknown): void {
    if (log !== this.#log || this.#isStopped) return;
    this.#log = undefined;
    this.#options.onHealth(false, reason instanceof Error ? reason : undefined);
    this.#appends.fail(lost());
    this.#follower.machine?.spaces.interrupt(lost);
    void log.close().catch(() => {});
    // Who opens it learns of the loss by what it waits for.
    if (!this.#isOpening) this.#reopen(reopenMs.first);
  }

  #reopen(delayMs: number): void {
    this.#options.clock.after(delayMs, () => {
      if (this.#isStopped) return;
      this.#open().then(
        () => {
          this.#options.onHealth(true);
          // What fell due meanwhile, nobody was told of.
          return this.expire();
        },
        (error: unknown) => {
          this.#options.onHealth(false, error instanceof Error ? error : undefined);
          this.#reopen(Math.min(delayMs * 2, reopenMs.last));
        },
      );
    });
  }

  /** Opens the log and applies what it has. */
  async #open(): Promise<void> {
    let mine: OpenLog | undefined;
    const log = await this.#options.opener.open({
      onGrowth: (position) => {
        // What its own appends add, they bring along.
        const expected = this.#follower.position + this.#appends.underWayCount;
        if (mine === this.#log && position > expected) void this.sync().catch(() => {});
      },
      onLost: (error) => {
        if (mine !== undefined) this.#lose(mine, error);
      },
    });
    mine = log;
    this.#isOpening = true;
    try {
      await this.#follower.join(log);
      this.#facts = log.facts;
      this.#log = log;
      await this.#applyAll(log);
      const { hasLostTail } = this.#follower;
      await this.#configure();
      if (hasLostTail) await this.#make({ kind: 'renew', tokenHash: undefined, request: {} });
      this.#follower.acceptLoss();
      if (log !== this.#log) throw this.#unavailable();
    } catch (error) {
      if (this.#log === log) this.#log = undefined;
      await log.close().catch(() => {});
      throw error;
    } finally {
      this.#isOpening = false;
    }
  }

  /** Begins an empty log; gives the others these options where the log has different ones. */
  async #configure(): Promise<void> {
    const { options } = this.#options;
    const standing = this.#follower.configuration?.options;
    if (JSON.stringify(standing) === JSON.stringify(options)) return;
    const request = { seed: randomBytes(32).toString('base64url'), options };
    await this.#make({ kind: 'configure', tokenHash: undefined, request });
  }

  /** Brings a command of the replica's own into the log, and returns when it is applied. */
  #make(command: Command): Promise<void> {
    return new Promise((resolve, reject) => {
      this.propose(command, (outcome) => ('error' in outcome ? reject(outcome.error) : resolve()));
    });
  }

  #newApplier(): Applier {
    const { clock } = this.#options;
    const time = new LogTime();
    const applier: Applier = new Applier({
      pace: {
        clock,
        time,
        presentTime: this.storeTime,
        waitTime: { nowMs: () => clock.monotonicMs() },
        onDue: () => void (this.#follower.isAt(applier) && this.expire()),
      },
      onOutcome: (batch, index, outcome) => {
        if (this.#follower.isAt(applier)) this.#appends.outcome(batch, index, outcome);
      },
      onReplaced: (machine) => machine.spaces.close(),
    });
    return applier;
  }
}

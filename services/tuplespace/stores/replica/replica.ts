/**
 * A replica: the state machine, kept up with the log. It proposes commands, applies what the log brings, and tells when all that was
 * acknowledged before a moment is applied. When the store is lost, all that is under way ends with unavailable, and the replica
 * goes on from its own state once the log is back and is still the same; else it begins again from the log's snapshot.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { type Clock, ServiceError } from '../../../runtime/index.js';
import type { Machine } from '../memory/index.js';
import { Applier, type Outcome } from './applier.js';
import type { Command, SharedOptions } from './command.js';
import { LogTime, StoreTimeEstimate } from './drive.js';
import type { LogEntry, LogFacts, LogOpener, OpenLog, Pulled } from './log.js';
import { Proposals } from './proposals.js';
import { Snapshots } from './snapshots.js';
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
  readonly #proposals: Proposals;
  readonly #snapshots: Snapshots;
  #applier: Applier;
  #log: OpenLog | undefined;
  #facts: LogFacts | undefined;
  /** The newest entry that was applied, to know the log again by. */
  #last: LogEntry | undefined;
  #isFlushing = false;
  #nextPull: Promise<void> | undefined;
  #pullUnderWay: Promise<void> = Promise.resolve();
  #isExpiring = false;
  #isStopped = false;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.storeTime = new StoreTimeEstimate(options.clock);
    this.#proposals = new Proposals(this.id);
    this.#snapshots = new Snapshots(options.snapshotEvery ?? 50_000);
    this.#applier = this.#newApplier();
  }

  /** Errors: those of `LogOpener.open`. */
  async start(): Promise<void> {
    await this.#open();
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const log = this.#log;
    this.#log = undefined;
    this.#proposals.fail(stopping());
    this.#applier.machine?.spaces.close();
    await this.#snapshots.idle();
    await log?.close();
  }

  get facts(): LogFacts {
    if (this.#facts === undefined) throw stopping();
    return this.#facts;
  }

  /** The state as far as it is applied. Errors: unavailable while the store is lost, and after the stop. */
  get machine(): Machine {
    const { machine } = this.#applier;
    if (this.#isStopped) throw stopping();
    if (this.#log === undefined || machine === undefined) throw lost();
    return machine;
  }

  /**
   * Brings a command into the log. `conclude` is called in the step that applies it, before anything else is applied; the returned
   * function takes back what was not sent yet.
   */
  propose(command: Command, conclude: (outcome: Outcome) => void): () => boolean {
    if (this.#isStopped || this.#log === undefined) {
      conclude({ error: this.#isStopped ? stopping() : lost() });
      return () => false;
    }
    const takeBack = this.#proposals.add(command, conclude);
    this.#flushSoon();
    return takeBack;
  }

  /** Resolves when all that was acknowledged, by any replica, before this call is applied here. Errors: unavailable. */
  sync(): Promise<void> {
    // A pull under way began too early; the calls that come meanwhile share the next one.
    this.#nextPull ??= this.#pullUnderWay
      .catch(() => {})
      .then(() => {
        this.#nextPull = undefined;
        this.#pullUnderWay = this.#catchUp(this.#openLog());
        return this.#pullUnderWay;
      });
    return this.#nextPull;
  }

  /** Ends what has fallen due by the store's time, as a step of the log. */
  async expire(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.propose({ kind: 'expire', tokenHash: undefined, request: {} }, () => resolve());
    });
  }

  #openLog(): OpenLog {
    if (this.#isStopped) throw stopping();
    if (this.#log === undefined) throw lost();
    return this.#log;
  }

  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => void this.#flush());
  }

  async #flush(): Promise<void> {
    while (this.#proposals.hasQueued && this.#log !== undefined) {
      const log = this.#log;
      const body = this.#proposals.next();
      try {
        const { position, timeMs, missed } = await log.append(this.#applier.position, body);
        if (log !== this.#log) break;
        this.#applyAll(missed);
        if (this.#applier.position < position - 1) await this.#catchUp(log);
        if (log !== this.#log) break;
        this.#applyAll([{ position, timeMs, body }]);
        this.storeTime.hear(timeMs);
        this.#proposals.settle();
      } catch (error) {
        if (log !== this.#log) break;
        if (error instanceof ServiceError && error.code === 'resource_exhausted')
          this.#proposals.settle(error);
        else this.#lose(log, error);
      }
    }
    this.#isFlushing = false;
    this.#snapshots.consider(this.#log, this.#applier.position, () => this.#newApplier());
  }

  /** Applies all that the log has. */
  async #catchUp(log: OpenLog): Promise<void> {
    for (;;) {
      let pulled: Pulled;
      try {
        pulled = await log.pull(this.#applier.position);
      } catch (error) {
        this.#lose(log, error);
        throw lost();
      }
      if (log !== this.#log) throw lost();
      this.#applyAll(pulled.entries);
      this.storeTime.hear(pulled.timeMs);
      if (this.#applier.position >= pulled.headPosition) return;
    }
  }

  /** Applies those entries that were not applied yet; they follow on what was. */
  #applyAll(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      if (entry.position !== this.#applier.position + 1) continue;
      this.#applier.apply(entry);
      this.#last = entry;
    }
  }

  #lose(log: OpenLog, reason: unknown): void {
    if (log !== this.#log || this.#isStopped) return;
    this.#log = undefined;
    this.#options.onHealth(false, reason instanceof Error ? reason : undefined);
    this.#proposals.fail(lost());
    this.#applier.machine?.spaces.interrupt(lost);
    void log.close().catch(() => {});
    this.#reopen(reopenMs.first);
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
        if (mine !== undefined && mine === this.#log && position > this.#applier.position)
          void this.sync().catch(() => {});
      },
      onLost: (error) => {
        if (mine !== undefined) this.#lose(mine, error);
      },
    });
    mine = log;
    try {
      if (!(await this.#isSame(log))) await this.#begin(log);
      this.#facts = log.facts;
      this.#log = log;
      await this.#catchUp(log);
      await this.#configure();
    } catch (error) {
      if (this.#log === log) this.#log = undefined;
      await log.close().catch(() => {});
      throw error;
    }
    if (this.#isStopped) await log.close();
  }

  /** Whether the log still has what was applied last, so that this state goes on from there. */
  async #isSame(log: OpenLog): Promise<boolean> {
    const last = this.#last;
    if (last === undefined) return false;
    try {
      const [entry] = (await log.pull(last.position - 1)).entries;
      return entry?.position === last.position && Buffer.compare(entry.body, last.body) === 0;
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'out_of_range') return false;
      throw error;
    }
  }

  /** Begins anew from the newest snapshot, or from nothing. */
  async #begin(log: OpenLog): Promise<void> {
    this.#applier.machine?.spaces.close();
    this.#last = undefined;
    for (;;) {
      this.#applier = this.#newApplier();
      const snapshot = await log.readSnapshot();
      this.#snapshots.took(snapshot?.position ?? 0);
      if (snapshot === undefined) return;
      try {
        await this.#applier.restore(snapshot.position, snapshot.parts);
        return;
      } catch (error) {
        if (!(error instanceof ServiceError && error.code === 'aborted')) throw error;
      }
    }
  }

  /** Begins an empty log; gives the others these options where the log has different ones. */
  async #configure(): Promise<void> {
    const { options } = this.#options;
    const standing = this.#applier.configuration?.options;
    if (JSON.stringify(standing) === JSON.stringify(options)) return;
    const request = { seed: randomBytes(32).toString('base64url'), options };
    await new Promise<void>((resolve, reject) => {
      this.propose({ kind: 'configure', tokenHash: undefined, request }, (outcome) =>
        'error' in outcome ? reject(outcome.error) : resolve(),
      );
    });
  }

  #newApplier(): Applier {
    const { clock } = this.#options;
    const time = new LogTime();
    const applier: Applier = new Applier({
      pace: { clock, time, waitTime: this.storeTime, onDue: () => this.#onDue(applier) },
      onOutcome: (batch, index, outcome) => {
        if (applier === this.#applier) this.#proposals.outcome(batch, index, outcome);
      },
      onReplaced: (machine) => machine.spaces.close(),
    });
    return applier;
  }

  #onDue(applier: Applier): void {
    if (applier !== this.#applier || this.#isExpiring || this.#log === undefined) return;
    this.#isExpiring = true;
    void this.expire().finally(() => {
      this.#isExpiring = false;
    });
  }
}

function lost(): ServiceError {
  return new ServiceError('unavailable', 'the store behind the tuple space is not reached');
}

function stopping(): ServiceError {
  return new ServiceError('unavailable', 'the store is shutting down');
}

/**
 * The state of a replica as far as it has followed the log: where it stands, how it goes on, and where it begins. Knows the log by the
 * newest entry that it applied.
 */
import { ServiceError } from '../../../runtime/index.js';
import type { Machine } from '../memory/index.js';
import type { Applier, ProposedBatch } from './applier.js';
import type { Configuration } from './command.js';
import type { LogEntry, OpenLog } from './log.js';

export interface FollowerOptions {
  /** One that has applied nothing. */
  readonly newApplier: () => Applier;
  /** Told where a snapshot was found; 0: there is none. */
  readonly onSnapshot: (position: number) => void;
  readonly onApplied: (entry: LogEntry) => void;
}

export class Follower {
  readonly #options: FollowerOptions;
  #applier: Applier;
  #last: LogEntry | undefined;
  /** Where it stood before it began anew; and whether the log now has something else there. */
  #former = { position: 0, isOther: false };

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#applier = options.newApplier();
  }

  /** Position of the newest entry that was applied. */
  get position(): number {
    return this.#applier.position;
  }

  /** Undefined before the log's first entry. */
  get machine(): Machine | undefined {
    return this.#applier.machine;
  }

  get configuration(): Configuration | undefined {
    return this.#applier.configuration;
  }

  /** Whether it has applied entries that the log, once it has caught up with it, does not have. */
  get hasLostTail(): boolean {
    return this.#former.isOther || this.position < this.#former.position;
  }

  /** Others know of the loss. */
  acceptLoss(): void {
    this.#former = { position: 0, isOther: false };
  }

  isAt(applier: Applier): boolean {
    return applier === this.#applier;
  }

  /** Applies those entries that were not applied yet; they follow on what was. */
  apply(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.applyOne(entry);
  }

  /** @param proposed what it was made from, if it is one of this replica's own */
  applyOne(entry: LogEntry, proposed?: ProposedBatch): void {
    if (entry.position !== this.position + 1) return;
    this.#applier.apply(entry, proposed);
    this.#last = entry;
    this.#options.onApplied(entry);
  }

  /** Goes on from where it stands if the log still has that, else begins anew: from the newest snapshot, or from nothing. */
  async join(log: OpenLog): Promise<void> {
    const known = await this.#entryOf(log, this.#last);
    if (known !== undefined && known === this.#last) return;
    this.machine?.spaces.close();
    if (this.#last !== undefined) this.#former = { position: this.position, isOther: known !== undefined };
    this.#last = undefined;
    for (;;) {
      this.#applier = this.#options.newApplier();
      const snapshot = await log.readSnapshot();
      this.#options.onSnapshot(snapshot?.position ?? 0);
      if (snapshot === undefined) return;
      try {
        await this.#applier.restore(snapshot.position, snapshot.parts);
        return;
      } catch (error) {
        if (!isCode(error, 'aborted')) throw error;
      }
    }
  }

  /** What the log has in the place of an entry: the same one, another, or nothing. */
  async #entryOf(log: OpenLog, last: LogEntry | undefined): Promise<LogEntry | undefined> {
    if (last === undefined) return undefined;
    try {
      const [entry] = (await log.pull(last.position - 1)).entries;
      return entry?.position === last.position && Buffer.compare(entry.body, last.body) === 0 ? last : entry;
    } catch (error) {
      if (isCode(error, 'out_of_range')) return undefined;
      throw error;
    }
  }
}

function isCode(error: unknown, code: ServiceError['code']): boolean {
  return error instanceof ServiceError && error.code === code;
}

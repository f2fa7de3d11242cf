/**
 * Snapshots: now and then a replica makes one, so that the log stays short. It is made by an applier of its own, which reads the last
 * snapshot and the entries after it as a starting replica does; so it is of one position, and the replica that serves calls is not
 * held up: the work is done in slices between its calls.
 */
import type { Applier } from './applier.js';
import type { OpenLog } from './log.js';

/** Entries that stay in the log behind a snapshot, for replicas that are a little late. */
const keepCount = 1_000;

/** A log is let grow to this size, in bytes, and to that of the last snapshot: so each byte of a snapshot stands for one of the log. */
const logBytesMin = 64 * 1024 * 1024;

export interface SnapshotsOptions {
  /** Entries since the last snapshot that make another one worth it. */
  readonly everyCount: number;
  /** From 0 to 1: how much longer than others this replica waits, so that they do not all set to work at once. */
  readonly patience: number;
  readonly newApplier: () => Applier;
}

export class Snapshots {
  readonly #options: SnapshotsOptions;
  #position = 0;
  /** Of the log since the last snapshot, and of that snapshot, as far as they are known here. */
  #bytes = { log: 0, snapshot: 0 };
  #underWay: Promise<void> | undefined;

  constructor(options: SnapshotsOptions) {
    this.#options = options;
  }

  /** There is a snapshot at this position. */
  took(position: number): void {
    this.#position = Math.max(this.#position, position);
    this.#bytes.log = 0;
  }

  /** The log has grown by so many bytes. */
  grew(bytes: number): void {
    this.#bytes.log += bytes;
  }

  /** Makes one if the log has grown enough since the last. */
  consider(log: OpenLog | undefined, headPosition: number): void {
    if (log === undefined || this.#underWay !== undefined || !this.#isDue(headPosition)) return;
    const applier = this.#options.newApplier();
    this.#underWay = this.#make(log, applier)
      .catch(() => {
        // The store was lost or another replica was faster; the next growth tries again.
      })
      .finally(() => {
        applier.machine?.spaces.close();
        this.#underWay = undefined;
      });
  }

  #isDue(headPosition: number): boolean {
    const { everyCount, patience } = this.#options;
    const share = 1 + patience / 2;
    const { log, snapshot } = this.#bytes;
    const count = headPosition - this.#position;
    return count >= everyCount * share || log >= Math.max(logBytesMin, snapshot) * share;
  }

  /** Resolves when none is being made. */
  async idle(): Promise<void> {
    await this.#underWay;
  }

  async #make(log: OpenLog, applier: Applier): Promise<void> {
    const last = await log.readSnapshot();
    // Another replica has made one meanwhile.
    if (last !== undefined && last.position > this.#position) return this.took(last.position);
    if (last !== undefined) await applier.restore(last.position, last.parts);
    for (let head = Number.POSITIVE_INFINITY; applier.position < head; ) {
      const pulled = await log.pull(applier.position);
      head = pulled.headPosition;
      for (const [i, entry] of pulled.entries.entries()) {
        applier.apply(entry);
        if (i % sliceCount === 0) await breathe();
      }
    }
    const { position } = applier;
    let bytes = 0;
    const parts = sliced(applier.dump(), (part) => {
      bytes += part.length;
    });
    await log.writeSnapshot({ position, parts }, keepCount);
    this.took(position);
    this.#bytes.snapshot = bytes;
  }
}

/** Entries that are applied between two breaths. */
const sliceCount = 5;

async function* sliced(
  parts: Iterable<Uint8Array>,
  onPart: (part: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    onPart(part);
    yield part;
    await breathe();
  }
}

/** Lets the calls that wait go first. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

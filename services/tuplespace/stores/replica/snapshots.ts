/**
 * Snapshots: now and then a replica makes one, so that the log stays short. It is made by an applier of its own, which reads the last
 * snapshot and the entries after it as a starting replica does; so it is of one position, and the replica that serves calls is not
 * held up: the work is done in slices between its calls.
 */
import type { Applier } from './applier.js';
import type { OpenLog } from './log.js';

/** Entries that stay in the log behind a snapshot, for replicas that are a little late. */
const keepCount = 5_000;

export class Snapshots {
  readonly #everyCount: number;
  #position = 0;
  #underWay: Promise<void> | undefined;

  constructor(everyCount: number) {
    this.#everyCount = everyCount;
  }

  /** There is a snapshot at this position. */
  took(position: number): void {
    this.#position = Math.max(this.#position, position);
  }

  /** Makes one if the log has grown enough since the last. `newApplier` makes an empty one. */
  consider(log: OpenLog | undefined, headPosition: number, newApplier: () => Applier): void {
    if (log === undefined || this.#underWay !== undefined) return;
    if (headPosition - this.#position < this.#everyCount) return;
    const applier = newApplier();
    this.#underWay = this.#make(log, applier)
      .catch(() => {
        // The store was lost or another replica was faster; the next growth tries again.
      })
      .finally(() => {
        applier.machine?.spaces.close();
        this.#underWay = undefined;
      });
  }

  /** Resolves when none is being made. */
  async idle(): Promise<void> {
    await this.#underWay;
  }

  async #make(log: OpenLog, applier: Applier): Promise<void> {
    const last = await log.readSnapshot();
    if (last !== undefined) await applier.restore(last.position, last.parts);
    this.took(applier.position);
    for (let head = Number.POSITIVE_INFINITY; applier.position < head; ) {
      const pulled = await log.pull(applier.position);
      head = pulled.headPosition;
      for (const [i, entry] of pulled.entries.entries()) {
        applier.apply(entry);
        if (i % sliceCount === 0) await breathe();
      }
    }
    const { position } = applier;
    await log.writeSnapshot({ position, parts: sliced(applier.dump()) }, keepCount);
    this.took(position);
  }
}

/** Entries that are applied between two breaths. */
const sliceCount = 20;

async function* sliced(parts: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    yield part;
    await breathe();
  }
}

/** Lets the calls that wait go first. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

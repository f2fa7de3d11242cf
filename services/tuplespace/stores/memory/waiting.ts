/**
 * All that waits in a space: its blocked calls, their deadlines and their order. Bounded by the space's
 * `waitersMax`.
 */
import type { Caller } from '../../caller.js';
import { overLimit, type SpaceLimits } from '../../limits.js';
import type { Tuple } from '../../tuple.js';
import { BlockedCall, type BlockedCallOptions } from './blocked-call.js';
import { Deadlines } from './deadlines.js';
import { Entry } from './entry.js';
import { OpenCounts } from './quotas.js';
import { TupleIndex } from './tuple-index.js';
import { Waiters } from './waiters.js';

/** A wait that begins. */
export interface Wait<Answer extends object> extends Omit<BlockedCallOptions<Answer>, 'leave'> {
  readonly missingCount: number;
  readonly caller: Caller;
  /** Store's time. */
  readonly untilMs: number;
  /** Called when the call is over, before its promise settles. */
  readonly onEnd: () => void;
}

export class Waiting {
  readonly #waitersMax: number;
  readonly #open: OpenCounts;
  readonly #waiters = { read: new Waiters(), take: new Waiters() };
  readonly #deadlines = new Deadlines();
  readonly #calls = new Set<{ fail(error: unknown): void }>();

  constructor(limits: SpaceLimits) {
    this.#waitersMax = limits.waitersMax;
    this.#open = new OpenCounts('callerWaitersMax', limits);
  }

  get size(): number {
    return this.#calls.size;
  }

  /** When the first wait is over. */
  get nextMs(): number | undefined {
    return this.#deadlines.nextMs;
  }

  /** Begins a wait. Errors: resource_exhausted. */
  begin<Answer extends object>(kind: 'read' | 'take', wait: Wait<Answer>): BlockedCall<Answer> {
    if (this.#calls.size >= this.#waitersMax) {
      throw overLimit('waitersMax', this.#waitersMax, `${this.#calls.size} calls wait in the space`);
    }
    const waiters = this.#waiters[kind];
    const close = this.#open.open(wait.caller);
    const leave = () => {
      close();
      waiters.remove(call);
      this.#deadlines.clear(call.deadline);
      this.#calls.delete(call);
      wait.onEnd();
    };
    const call: BlockedCall<Answer> = new BlockedCall(wait.missingCount, { ...wait, leave });
    waiters.add(call);
    this.#deadlines.set(call.deadline, wait.untilMs);
    this.#calls.add(call);
    return call;
  }

  /**
   * Serves the calls that want what has just become free: reads before takes, each in the order of arrival.
   */
  offer(entries: readonly Entry[]): void {
    this.#waiters.read.offer(entries);
    this.#waiters.take.offer(entries);
  }

  /** Serves the takes that want what is about to come. */
  foresee(tuples: readonly Tuple[]): void {
    if (this.#waiters.take.size === 0) return;
    const entries = tuples.map(foreseen);
    this.#waiters.take.offer(entries, { areForeseen: true });
    // They never come: others will, in their place.
    for (const entry of entries) entry.home = undefined;
  }

  /** Answers the calls whose wait is over. */
  giveUp(nowMs: number): void {
    this.#deadlines.run(nowMs);
  }

  failAll(makeError: () => unknown): void {
    for (const call of [...this.#calls]) call.fail(makeError());
  }
}

/** Where entries seem to be that are not there yet. */
const nowhere = new TupleIndex();

/** An entry that is younger than all others, as far as waiters look at it. */
function foreseen(values: Tuple): Entry {
  const stamp = { writer: '', writerEpoch: 0, revision: 0n, writtenAtMs: 0 };
  const entry = new Entry(Number.MAX_SAFE_INTEGER, { values, bytes: 0, hasBytes: false }, { stamp });
  entry.home = nowhere;
  return entry;
}

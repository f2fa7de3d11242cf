/**
 * The quotas of a space: what one caller may have and do there, so that nobody uses up what is for all. An orchestrator has none. All
 * of it goes by the store's time and by what stands, so every replica counts the same; but waiting calls and watches are a replica's own.
 */
import type { Caller } from '../../caller.js';
import { limitCeilings, overLimit, type SpaceLimits } from '../../limits.js';
import { Refused } from './refusal.js';

/** What stands of one writer. */
export interface Usage {
  readonly tupleCount: number;
  readonly bytes: number;
}

/** The steps of each caller in one second of the store. */
export interface Rates {
  readonly second: number;
  readonly counts: readonly (readonly [callerId: string, count: number])[];
}

export class Quotas {
  readonly limits: SpaceLimits;
  readonly #isPaced: boolean;
  #second = 0;
  readonly #counts = new Map<string, number>();

  constructor(limits: SpaceLimits) {
    this.limits = limits;
    this.#isPaced = limits.callerWritesPerSecondMax < limitCeilings.callerWritesPerSecondMax;
  }

  /** Counts a step that may change something. Errors: resource_exhausted. */
  countStep(caller: Caller, nowMs: number): void {
    if (!this.#isPaced || isFree(caller)) return;
    const second = Math.floor(nowMs / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#counts.clear();
    }
    this.checkPace(caller, nowMs);
    this.#counts.set(caller.id, (this.#counts.get(caller.id) ?? 0) + 1);
  }

  /** Refuses a caller that has made all its steps of this second, as far as is known. Errors: resource_exhausted. */
  checkPace(caller: Caller, nowMs: number): void {
    if (!this.#isPaced || isFree(caller) || Math.floor(nowMs / 1_000) !== this.#second) return;
    const count = this.#counts.get(caller.id) ?? 0;
    const { callerWritesPerSecondMax: max } = this.limits;
    if (count >= max)
      throw overLimit('callerWritesPerSecondMax', max, `${count} steps of ${caller.id} this second`);
  }

  /** Errors: resource_exhausted when more would stand of the caller than it may have. */
  checkUsage(caller: Caller, { tupleCount, bytes }: Usage): void {
    if (isFree(caller)) return;
    const { callerTuplesMax, callerBytesMax } = this.limits;
    if (tupleCount > callerTuplesMax)
      throw overQuota('callerTuplesMax', callerTuplesMax, `${tupleCount} tuples of ${caller.id} would stand`);
    if (bytes > callerBytesMax)
      throw overQuota('callerBytesMax', callerBytesMax, `${bytes} bytes of ${caller.id} would stand`);
  }

  rates(): Rates {
    return { second: this.#second, counts: [...this.#counts] };
  }

  restore({ second, counts }: Rates): void {
    this.#second = second;
    for (const [callerId, count] of counts) this.#counts.set(callerId, count);
  }
}

/** How many of something each caller has open. */
export class OpenCounts {
  readonly #limit: 'callerWaitersMax' | 'callerWatchesMax';
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  constructor(limit: 'callerWaitersMax' | 'callerWatchesMax', limits: SpaceLimits) {
    this.#limit = limit;
    this.#max = limits[limit];
  }

  /** Returns how it is closed. Errors: resource_exhausted. */
  open(caller: Caller): () => void {
    const { id } = caller;
    const count = this.#counts.get(id) ?? 0;
    if (count >= this.#max && !isFree(caller))
      throw overLimit(this.#limit, this.#max, `${count} of ${id} are open`);
    this.#counts.set(id, count + 1);
    return () => {
      const left = (this.#counts.get(id) ?? 1) - 1;
      if (left === 0) this.#counts.delete(id);
      else this.#counts.set(id, left);
    };
  }
}

function isFree({ kind }: Caller): boolean {
  return kind === 'orchestrator';
}

/** As `overLimit`, for the audit too. */
function overQuota(limit: string, max: number, problem: string): Refused {
  const { code, message, details } = overLimit(limit, max, problem);
  return new Refused(code, message, { by: { rule: limit }, details });
}

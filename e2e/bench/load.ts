/**
 * Load on a service: some callers, each with one call under way at a time.
 */
import { median, percentile } from './statistics.js';

export interface Load {
  /** Calls in all. */
  readonly callCount: number;
  /** How many are under way at once. */
  readonly callerCount: number;
  /** Makes the nth call. */
  readonly call: (nth: number) => Promise<unknown>;
}

/** What a load showed. */
export interface Shown {
  readonly perSecond: number;
  /** Of one call, in ms. */
  readonly p50: number;
  readonly p99: number;
}

export async function underLoad({ callCount, callerCount, call }: Load): Promise<Shown> {
  const tookMs: number[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < callCount) {
      const nth = next;
      next += 1;
      const startedMs = performance.now();
      await call(nth);
      tookMs.push(performance.now() - startedMs);
    }
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: callerCount }, caller));
  const perSecond = (callCount * 1_000) / (performance.now() - startedMs);
  return { perSecond, p50: median(tookMs), p99: percentile(tookMs, 0.99) };
}

/** The median of each figure over several slices of the same load. */
export function typical(slices: readonly Shown[]): Shown {
  const of = (pick: (shown: Shown) => number): number => median(slices.map(pick));
  return { perSecond: of((one) => one.perSecond), p50: of((one) => one.p50), p99: of((one) => one.p99) };
}

/**
 * What a history was like, apart from right and wrong.
 */
import type { Facts } from './facts.js';

export interface Figures {
  readonly operationCount: number;
  readonly okCount: number;
  readonly failCount: number;
  readonly unknownCount: number;
  /** Tuples whose write was acknowledged. */
  readonly acknowledgedCount: number;
  /** Of calls that do not wait, until their answer, in ms; NaN without any. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Longest time, before the drain, in which no call of any client got an answer, in ms. */
  readonly worstGapMs: number;
}

export function figuresOf({ history, lives, drainMs = Number.POSITIVE_INFINITY }: Facts): Figures {
  const { operations } = history;
  const ofKind = (kind: string) => operations.filter(({ outcome }) => outcome.kind === kind).length;
  const latencies: number[] = [];
  const answers: number[] = [];
  for (const { outcome, invokedMs, request, kind } of operations) {
    if (outcome.kind !== 'ok' || invokedMs >= drainMs) continue;
    answers.push(outcome.atMs);
    const waitMs = kind === 'read' || kind === 'take' ? (request.waitMs ?? 0) : 0;
    if (waitMs === 0) latencies.push(outcome.atMs - invokedMs);
  }
  latencies.sort((left, right) => left - right);
  return {
    operationCount: operations.length,
    okCount: ofKind('ok'),
    failCount: ofKind('fail'),
    unknownCount: ofKind('unknown'),
    acknowledgedCount: lives.filter(({ fate }) => fate === 'written').length,
    p50Ms: nearestRank(latencies, 0.5),
    p99Ms: nearestRank(latencies, 0.99),
    worstGapMs: worstGap(answers),
  };
}

function nearestRank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function worstGap(times: readonly number[]): number {
  const sorted = times.toSorted((left, right) => left - right);
  return sorted.reduce((worst, atMs, i) => Math.max(worst, atMs - (sorted[i - 1] ?? atMs)), 0);
}

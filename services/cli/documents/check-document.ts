/**
 * The judgement of a history as a JSON document.
 */
import type { HistoryHeader, HistoryReport } from '../../tuplespace/index.js';

/** `byzantine.check/1`. */
export interface CheckDocument {
  readonly schema: 'byzantine.check/1';
  readonly file: string;
  readonly verdict: HistoryReport['verdict'];
  readonly backend: HistoryHeader['backend'];
  readonly durability: HistoryHeader['durability'];
  readonly replicaCount: number;
  readonly labels: HistoryHeader['labels'];
  readonly operationCount: number;
  readonly okCount: number;
  readonly failCount: number;
  readonly unknownCount: number;
  readonly acknowledgedCount: number;
  /** Null where no call was answered. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly worstGapMs: number;
  readonly rules: readonly {
    readonly rule: string;
    readonly name: string;
    readonly verdict: HistoryReport['rules'][number]['verdict'];
    readonly judgedCount: number;
    readonly unknownCount: number;
    readonly unknownBecause: string | null;
    readonly violationCount: number;
    /** The first hundred; lines are those of the file, from 1. */
    readonly violations: readonly { readonly what: string; readonly lines: readonly number[] }[];
    readonly figures: Readonly<Record<string, number>>;
  }[];
}

const violationsMax = 100;

export function checkDocument(
  file: string,
  { backend, durability, replicaCount, labels }: HistoryHeader,
  { verdict, figures, rules }: HistoryReport,
): CheckDocument {
  const { p50Ms, p99Ms, ...counts } = figures;
  return {
    schema: 'byzantine.check/1',
    file,
    verdict,
    backend,
    durability,
    replicaCount,
    labels,
    ...counts,
    p50Ms: Number.isNaN(p50Ms) ? null : p50Ms,
    p99Ms: Number.isNaN(p99Ms) ? null : p99Ms,
    rules: rules.map(({ id, violations, unknownBecause = null, figures: measured = {}, ...rule }) => ({
      rule: id,
      ...rule,
      unknownBecause,
      violationCount: violations.length,
      violations: violations.slice(0, violationsMax),
      figures: measured,
    })),
  };
}

/**
 * What a record comes to: verdict, counts and metrics. Pure: the verdict is a function of the record below the last close.
 */
import type { GeneralId, Verdict, Vote } from '../consensus/index.js';
import { judge, lostGenerals, protocolOf } from '../consensus/index.js';
import type { Report } from '../general-node/index.js';
import type { RefusalCount } from '../tuplespace/index.js';
import { MessageJudge } from './judged-messages.js';
import type { GeneralMetrics, IgnoredCount, RoundMetrics } from './orchestrator.js';
import type { RoundRecord } from './record.js';

/** What the orchestrator concludes and keeps with the verdict. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly messageCount: number;
  readonly ignored: readonly IgnoredCount[];
  readonly refusals: readonly RefusalCount[];
  readonly metrics: RoundMetrics;
}

/** What a record comes to. Cost: each value of the record once. */
export function conclude(
  record: RoundRecord,
  { refusals }: { readonly refusals: readonly RefusalCount[] },
): Outcome {
  const judged = new MessageJudge(record);
  for (const recorded of record.messages) judged.take(recorded);
  return {
    verdict: judgeRecord(record, judged),
    messageCount: judged.valueCount,
    ignored: [...refusedMessages(refusals), ...judged.ignored],
    refusals,
    metrics: measure(record),
  };
}

/** The messages among what the space refused. */
function refusedMessages(refusals: readonly RefusalCount[]): readonly IgnoredCount[] {
  const count = (of: string) =>
    refusals.filter(({ rule }) => rule === of).reduce((sum, one) => sum + one.count, 0);
  const counts: readonly IgnoredCount[] = [
    { reason: 'conflict', count: count('slot') },
    { reason: 'forged_sender', count: count('sender') },
  ];
  return counts.filter((one) => one.count > 0);
}

/** The decisions of loyal generals that came before the last close. */
export function loyalDecisions(record: RoundRecord): ReadonlyMap<GeneralId, Vote> {
  const traitors = traitorIds(record);
  const decisions = new Map<GeneralId, Vote>();
  for (const general of record.round.setting.generals) {
    const decision = record.decisions.get(general);
    if (decision === undefined || traitors.has(general)) continue;
    const last = lastClose(record);
    if (last === undefined || decision.revision < last) decisions.set(general, decision.vote);
  }
  return decisions;
}

function judgeRecord(record: RoundRecord, judged: MessageJudge): Verdict {
  const { setting } = record.round;
  const traitors = [...traitorIds(record)];
  const decisions = loyalDecisions(record);
  const isOver = lastClose(record) !== undefined;
  const lost = isOver
    ? lostGenerals({ setting, traitors, filled: judged.filled, decided: [...decisions.keys()] })
    : [];
  const { order, inputs } = record.lab;
  const given = inputs === undefined ? {} : { inputs };
  return judge({ setting, order, ...given, traitors, lost, decisions, isOver });
}

function measure(record: RoundRecord): RoundMetrics {
  const traitors = traitorIds(record);
  const generals = record.round.setting.generals
    .map((general) => record.reports.get(general))
    .filter((report) => report !== undefined)
    .map(toMetrics);
  const loyal = generals.filter(({ general }) => !traitors.has(general));
  const coordinationMs = Math.max(0, ...loyal.map((one) => one.coordinationMs));
  const computeMs = Math.max(0, ...loyal.map((one) => one.computeMs));
  return {
    wallMs: wallMs(record),
    coordinationMs,
    computeMs,
    coordinationSumMs: generals.reduce((sum, one) => sum + one.coordinationMs, 0),
    computeSumMs: generals.reduce((sum, one) => sum + one.computeMs, 0),
    granularityRatio: coordinationMs === 0 ? 0 : computeMs / coordinationMs,
    generals,
  };
}

/** A general's report as people see it. */
export function toMetrics(report: Report): GeneralMetrics {
  return { ...report, coordinationMs: report.spaceCallMs + report.waitingMs };
}

function wallMs(record: RoundRecord): number {
  const traitors = traitorIds(record);
  const times = [...record.decisions]
    .filter(([general]) => !traitors.has(general))
    .map(([, { atMs }]) => atMs);
  return Math.max(record.startedAtMs, ...times) - record.startedAtMs;
}

function lastClose(record: RoundRecord): bigint | undefined {
  const { setting } = record.round;
  return record.closes.get(protocolOf(setting).phaseCount(setting));
}

function traitorIds(record: RoundRecord): ReadonlySet<GeneralId> {
  return new Set(record.lab.traitors.map(({ general }) => general));
}

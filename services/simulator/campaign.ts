/**
 * A scenario under many seeds. Some runs are made twice, to see that one seed has one trace.
 */
import type { Betrayal } from './betrayal.js';
import type { Scenario } from './scenario.js';
import { type Simulation, simulate } from './simulation.js';
import type { Counts } from './trace.js';

export interface CampaignOptions {
  readonly firstSeed: number;
  readonly seedCount: number;
  /** Every so many-th run is made twice; 1: all. */
  readonly repeatEvery: number;
  /** Default: as the scenario says. */
  readonly betray?: Betrayal | undefined;
  /** Told after each run. */
  readonly onRun?: (simulation: Simulation) => void;
}

/** A run with something that must never happen. */
export interface FailedRun {
  readonly seed: number;
  readonly problems: readonly string[];
}

export interface Campaign {
  readonly scenario: Scenario;
  readonly seedCount: number;
  /** Runs that were made twice. */
  readonly repeatedCount: number;
  readonly roundCount: number;
  readonly eventCount: number;
  readonly virtualMs: number;
  /** How often each kind of event happened in all runs. */
  readonly counts: Counts;
  /** How many different traces there were. */
  readonly traceCount: number;
  readonly failures: readonly FailedRun[];
  /** What the scenario wants to happen sometimes, and never did. */
  readonly neverHappened: readonly string[];
}

export async function runCampaign(
  scenario: Scenario,
  { firstSeed, seedCount, repeatEvery, betray, onRun }: CampaignOptions,
): Promise<Campaign> {
  const counts = new Map<string, number>();
  const traces = new Set<string>();
  const failures: FailedRun[] = [];
  const sums = { repeatedCount: 0, roundCount: 0, eventCount: 0, virtualMs: 0 };
  for (let i = 0; i < seedCount; i += 1) {
    const seed = (firstSeed + i) % 2 ** 32;
    const run = await simulate(scenario, { seed, betray });
    const problems = [...run.problems];
    if (i % repeatEvery === 0) {
      const again = await simulate(scenario, { seed, betray });
      sums.repeatedCount += 1;
      if (again.traceHash !== run.traceHash) problems.push(differs(run.traceHash, again.traceHash));
    }
    if (problems.length > 0) failures.push({ seed, problems });
    for (const [what, count] of Object.entries(run.counts)) counts.set(what, (counts.get(what) ?? 0) + count);
    traces.add(run.traceHash);
    sums.roundCount += run.rounds.length;
    sums.eventCount += run.eventCount;
    sums.virtualMs += run.virtualMs;
    onRun?.(run);
  }
  return {
    scenario,
    seedCount,
    ...sums,
    counts: Object.fromEntries([...counts].sort(([left], [right]) => (left < right ? -1 : 1))),
    traceCount: traces.size,
    failures,
    neverHappened: scenario.expect.sometimes.filter((what) => !counts.has(what)),
  };
}

function differs(first: string, second: string): string {
  return `the same seed gave trace ${first}, then ${second}`;
}

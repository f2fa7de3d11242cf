/**
 * Simulations as JSON documents. The same scenario and seed give the same document but for `perSecond`.
 */
import type { Simulation, TraceEvent } from '../../simulator/index.js';
import type { SimulationResults } from '../report/campaigns.js';
import { type RoundFacts, roundFacts } from './round-document.js';

/** `byzantine.simulation/1`: one run. */
export interface SimulationDocument {
  readonly schema: 'byzantine.simulation/1';
  readonly scenario: string;
  readonly seed: number;
  readonly traceHash: string;
  /** A second run gave the same trace. */
  readonly isRepeatable: boolean;
  readonly eventCount: number;
  readonly virtualMs: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: Simulation['faults'];
  readonly rounds: readonly RoundFacts[];
  /** What must never happen and did; empty when all is well. */
  readonly problems: readonly string[];
  /** With `--trace`: every event, its values as `plainValue` writes them. */
  readonly trace?: readonly TraceEvent[];
}

/** `byzantine.simulations/1`: scenarios under many seeds, and rounds on the pure core. */
export interface SimulationsDocument {
  readonly schema: 'byzantine.simulations/1';
  readonly firstSeed: number;
  readonly scenarios: readonly {
    readonly scenario: string;
    readonly seedCount: number;
    readonly repeatedCount: number;
    readonly roundCount: number;
    readonly eventCount: number;
    readonly virtualMs: number;
    readonly traceCount: number;
    readonly counts: Readonly<Record<string, number>>;
    readonly failures: readonly { readonly seed: number; readonly problems: readonly string[] }[];
    readonly neverHappened: readonly string[];
    /** Runs, by processor time. */
    readonly perSecond: number;
  }[];
  readonly core: readonly {
    readonly protocol: string;
    readonly council: boolean;
    readonly generals: number;
    readonly faultCount: number;
    readonly roundCount: number;
    /** Rounds in which a traitor changed something that a loyal general heard. */
    readonly changedCount: number;
    readonly violations: readonly { readonly seed: number; readonly because: string }[];
    readonly perSecond: number;
  }[];
}

export function simulationDocument(
  run: Simulation,
  { isSame, trace }: { readonly isSame: boolean; readonly trace?: readonly TraceEvent[] },
): SimulationDocument {
  return {
    schema: 'byzantine.simulation/1',
    scenario: run.scenario.name,
    seed: run.seed,
    traceHash: run.traceHash,
    isRepeatable: isSame,
    eventCount: run.eventCount,
    virtualMs: run.virtualMs,
    counts: run.counts,
    faults: run.faults,
    rounds: run.rounds.map((round) => roundFacts(round)),
    problems: run.problems,
    ...(trace === undefined ? {} : { trace }),
  };
}

export function simulationsDocument({ campaigns, core, firstSeed }: SimulationResults): SimulationsDocument {
  return {
    schema: 'byzantine.simulations/1',
    firstSeed,
    scenarios: campaigns.map(({ result, tookMs }) => ({
      scenario: result.scenario.name,
      seedCount: result.seedCount,
      repeatedCount: result.repeatedCount,
      roundCount: result.roundCount,
      eventCount: result.eventCount,
      virtualMs: result.virtualMs,
      traceCount: result.traceCount,
      counts: result.counts,
      failures: result.failures,
      neverHappened: result.neverHappened,
      perSecond: (result.seedCount + result.repeatedCount) / (tookMs / 1000),
    })),
    core: core.map(({ result, tookMs }) => ({
      protocol: result.setting.protocol,
      council: result.setting.isCouncil,
      generals: result.setting.generals.length,
      faultCount: result.setting.traitorsMax,
      roundCount: result.roundCount,
      changedCount: result.changedCount,
      violations: result.violations,
      perSecond: result.roundCount / (tookMs / 1000),
    })),
  };
}

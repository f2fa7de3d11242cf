/**
 * One run of a scenario: rounds on the simulated system, faults striking as drawn, and what came of it.
 */
import { generalIds, random, type Vote, votes } from '../consensus/index.js';
import {
  assignmentTemplate,
  claimTemplate,
  controlSpace,
  endTemplates,
  returnedTemplate,
  roundSpace,
} from '../general-node/index.js';
import type { Orchestrator, Round, RoundRequest } from '../orchestrator/index.js';
import { resolveRound } from '../orchestrator/index.js';
import { onAbort, ServiceError } from '../runtime/index.js';
import type { AuditEntry, StoredTuple, TupleSpace } from '../tuplespace/index.js';
import type { Betrayal } from './betrayal.js';
import { Chance } from './chance.js';
import { drawFaults, type Fault } from './faults.js';
import { problemsOf } from './invariants.js';
import type { Scenario } from './scenario.js';
import { OverdueError, roundDefaultsOf, System } from './system.js';
import { type Counts, Trace, type TraceEvent } from './trace.js';

/** What a run came to. */
export interface Simulation {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Equal for every run of this scenario with this seed. */
  readonly traceHash: string;
  readonly eventCount: number;
  /** How often each kind of event happened. */
  readonly counts: Counts;
  /** How long it took by the virtual clock. */
  readonly virtualMs: number;
  /** When everybody was up and the rounds began, by the same clock. */
  readonly begunMs: number;
  readonly faults: readonly Fault[];
  readonly rounds: readonly Round[];
  /** The same rounds with all that their spaces hold. */
  readonly recorded: readonly RecordedRound[];
  /** What must never happen and did, in words; empty when all is well. */
  readonly problems: readonly string[];
}

/** A round with all that its space holds. */
export interface RecordedRound {
  readonly round: Round;
  readonly tuples: readonly StoredTuple[];
  readonly audit: readonly AuditEntry[];
}

export interface SimulationOptions {
  /** 0 to 2^32-1. */
  readonly seed: number;
  /** What the traitors do; default: as the scenario says. */
  readonly betray?: Betrayal | undefined;
  /** Told of each event of the trace. */
  readonly onEvent?: (event: TraceEvent) => void;
}

/** Runs a scenario once. The same scenario and seed give the same trace. */
export async function simulate(
  scenario: Scenario,
  { seed, betray, onEvent }: SimulationOptions,
): Promise<Simulation> {
  const requests = await drawRequests(scenario, seed, betray);
  const trace = new Trace(onEvent);
  const system = new System(scenario, { seed, trace });
  const faults = drawFaults(scenario, new Chance(seed, 'faults'));
  const recorded: RecordedRound[] = [];
  const problems: string[] = [];
  let begunMs = 0;
  try {
    await system.drive(system.start(), startLimitMs);
    begunMs = system.clock.elapsedMs;
    for (const fault of faults) system.clock.after(fault.atMs, () => system.strike(fault));
    recorded.push(...(await system.drive(runRounds(system, requests), limitMs(scenario, faults))));
  } catch (error) {
    if (!(error instanceof OverdueError)) throw error;
    problems.push(`the rounds did not end: ${error.message}`);
  }
  for (const one of recorded) {
    countOutcome(one, trace);
    problems.push(...problemsOf(one, scenario));
  }
  return {
    scenario,
    seed,
    traceHash: trace.hash(),
    eventCount: trace.eventCount,
    counts: trace.counts,
    virtualMs: system.clock.elapsedMs,
    begunMs,
    faults,
    rounds: recorded.map(({ round }) => round),
    recorded,
    problems,
  };
}

const startLimitMs = 60_000;

/** How long the rounds may take: their phases, and for each fault its time, a phase that began anew, and what retries wait. */
function limitMs({ round }: Scenario, faults: readonly Fault[]): number {
  const phasesMs = (round.faultCount + 3) * 3 * round.phaseMs;
  return faults.reduce((sum, { forMs }) => sum + forMs + round.phaseMs + retriesMs, phasesMs + retriesMs);
}

const retriesMs = 30_000;

async function runRounds(system: System, requests: readonly RoundRequest[]): Promise<RecordedRound[]> {
  const observer = await system.observer();
  return Promise.all(requests.map((request) => runRound(system, observer, request)));
}

async function runRound(system: System, observer: TupleSpace, request: RoundRequest): Promise<RecordedRound> {
  const { number } = await ask(system, (orchestrator) => orchestrator.startRound(request));
  const space = roundSpace(number);
  await observer.read({ space, templates: endTemplates, min: 1, waitMs: waitMsMax });
  const round = await ask(system, (orchestrator) => orchestrator.getRound({ number, withMessages: true }));
  const { entries } = await observer.readAudit({ space, limit: 1_000 });
  await cleared(system, observer, number);
  return { round, tuples: await everyTuple(observer, space), audit: entries };
}

/** Nothing of an ended round is left behind where nodes and orchestrators meet. */
async function cleared(system: System, observer: TupleSpace, round: number): Promise<void> {
  const templates = [assignmentTemplate({ round }), returnedTemplate({ round }), claimTemplate({ round })];
  const request = { space: controlSpace, templates, countOnly: true, includeHeld: true };
  while ((await observer.read(request)).count > 0) {
    await new Promise<void>((resolve) => void system.clock.after(askPauseMs, resolve));
  }
}

/** All that stands in a space, oldest first. */
async function everyTuple(observer: TupleSpace, space: string): Promise<readonly StoredTuple[]> {
  const tuples: StoredTuple[] = [];
  for await (const frame of observer.watch({ space, templates: [], from: { revision: 0n } })) {
    if (frame.kind !== 'snapshot') break;
    tuples.push(...frame.tuples);
    if (frame.isLast) break;
  }
  return tuples;
}

/** Below what a store grants. */
const waitMsMax = 3_000_000;

/** The rounds of a run. Who betrays is known only when a round is resolved, so with `betray` that is done here. */
async function drawRequests(
  scenario: Scenario,
  seed: number,
  betray: Betrayal | undefined,
): Promise<readonly RoundRequest[]> {
  const requests = Array.from({ length: scenario.round.count }, (_, i) => drawRequest(scenario, seed, i));
  if (betray === undefined) return requests;
  const rounds = requests.map((request) => resolveRound(request, roundDefaultsOf(scenario), () => seed));
  const specs = await betray(
    rounds.map(({ setting, traitors, seed: own }) => ({
      setting,
      traitors: traitors.map(({ general }) => general),
      seed: own,
    })),
  );
  return requests.map((request, i) => ({ ...request, traitors: specs[i] ?? [] }));
}

/** What the seed decides about a round. */
function drawRequest({ round }: Scenario, seed: number, index: number): RoundRequest {
  const chance = new Chance(seed, `round ${index}`);
  const { protocol, mode, isCouncil, generalCount, faultCount, traitorCount } = round;
  const { phaseMs, isOutsideBoundAllowed } = round;
  return {
    protocol,
    mode,
    isCouncil,
    generalCount,
    faultCount,
    traitorCount,
    phaseMs,
    isOutsideBoundAllowed,
    strategy: chance.one(round.strategies),
    order: chance.one(round.orders),
    seed: random(seed, 'round', index),
    key: `round-${index}`,
    ...(isCouncil ? { inputs: drawInputs(round, chance) } : {}),
  };
}

function drawInputs({ generalCount, inputs }: Scenario['round'], chance: Chance): ReadonlyMap<string, Vote> {
  if (chance.one(inputs) === 'alike') return new Map();
  return new Map(generalIds(generalCount).map((general) => [general, chance.one(votes)]));
}

/** Asks the orchestrator that is there, and the next one when it crashes before it has answered. */
async function ask<T>(system: System, call: (orchestrator: Orchestrator) => Promise<T>): Promise<T> {
  for (;;) {
    const process = system.orchestrator;
    if (process !== undefined) {
      try {
        return await unlessCrashed(process.crashed, call(process.running.orchestrator));
      } catch (error) {
        if (!isPassing(error)) throw error;
      }
    }
    await new Promise<void>((resolve) => void system.clock.after(askPauseMs, resolve));
  }
}

const askPauseMs = 50;

async function unlessCrashed<T>(crashed: AbortSignal, promise: Promise<T>): Promise<T> {
  let stopListening = (): void => {};
  const crash = new Promise<never>((_, reject) => {
    const error = new ServiceError('unavailable', 'the orchestrator crashed');
    stopListening = onAbort(crashed, () => reject(error));
  });
  return Promise.race([promise, crash]).finally(stopListening);
}

/** The orchestrator or the space was away, or no node was there: that changes. */
function isPassing(error: unknown): boolean {
  return error instanceof ServiceError && ['unavailable', 'failed_precondition'].includes(error.code);
}

/** For the campaign: what rounds came to, and whether rare things happened in them. */
function countOutcome({ round, audit }: RecordedRound, trace: Trace): void {
  const { setting, inputs, verdict, messages = [], ignored } = round;
  if (verdict !== undefined)
    trace.count(verdict.isWithin ? 'round within the bound' : 'round outside the bound');
  if (verdict !== undefined && verdict.lost.length > 0) trace.count('round with a lost general');
  if (messages.some(({ entries }) => entries.some(({ isFalse }) => isFalse))) trace.count('round with a lie');
  if (setting.isCouncil) trace.count(inputs.size === 0 ? 'council of one mind' : 'council of mixed inputs');
  for (const { reason } of ignored) trace.count(`ignored: ${reason.replaceAll('_', ' ')}`);
  if (round.seats.some(({ epoch }) => epoch > 1)) trace.count('seat moved');
  for (const { rule } of audit) trace.count(rule === 'epoch' ? 'write of an old epoch' : 'refused write');
}

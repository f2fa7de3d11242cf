/**
 * Looks for a treason that breaks a round: exactly where that is feasible, then by ever wider and less complete
 * guesses. A generator, so that whoever drives it can show progress and stop it between two rounds.
 */
import type { Setting } from '../protocol.js';
import {
  beginningCount,
  beginningsMax,
  evaluationsMaxFor,
  proofCases,
  proofCost,
  prove,
} from '../prove/prove.js';
import { random } from '../random.js';
import { type RoundPlan, simulateRound } from '../run.js';
import type { TraitorSpec } from '../traitors/spec.js';
import type { TableAct } from '../traitors/table.js';
import { owedValues } from '../traitors/tabulate.js';
import type { Verdict } from '../verdict.js';
import {
  randomCandidates,
  randomPlan,
  sayingsIn,
  stagedCandidates,
  twoFacedCandidates,
} from './candidates.js';
import { marginOf } from './margin.js';
import { whyUnbreakable } from './unbreakable.js';

/** A way to look, from the most complete to the widest. */
export type Rung = 'exact' | 'two-faced' | 'staged' | 'random' | 'climb' | 'own';

/** Those of `search`, in their order; `own` is for whoever brings a strategy. */
export const rungs: readonly Exclude<Rung, 'own'>[] = ['exact', 'two-faced', 'staged', 'random', 'climb'];

export interface SearchRequest {
  readonly setting: Setting;
  /** 0 to n. */
  readonly traitorCount: number;
  /** 0 to 2^32-1; the same seed finds the same treason. */
  readonly seed: number;
  /** Which rungs to climb, in the order of `rungs`; default: all. */
  readonly rungs?: readonly Rung[];
  /** Rounds to run on one rung at most; the two-faced and staged ones may have fewer. */
  readonly runsMax: number;
  /** Above this many evaluations the exact rung is left out; default: what takes a second or two. */
  readonly evaluationsMax?: number;
}

/** Told after each round, and after each case of the exact rung. */
export interface SearchProgress {
  readonly rung: Rung;
  /** Rounds, or cases of the exact rung. */
  readonly runCount: number;
  /** The smallest margin met so far while climbing. */
  readonly closest?: number;
}

/** A treason that breaks agreement or validity; `simulateRound` with the plan gives the verdict again. */
export interface Finding {
  readonly plan: RoundPlan;
  readonly verdict: Verdict;
  readonly rung: Rung;
}

export interface SearchOutcome {
  readonly finding: Finding | undefined;
  readonly tried: readonly SearchProgress[];
  /** Why there is nothing to find; undefined when it was found, or when nobody knows. */
  readonly proof?: string;
}

/** Searches rung by rung until something breaks the round or the last rung has had its runs. */
export function* search(request: SearchRequest): Generator<SearchProgress, SearchOutcome> {
  const tried: SearchProgress[] = [];
  const why = whyUnbreakable(request);
  if (why !== undefined) return { finding: undefined, tried, proof: why };
  for (const rung of rungs) {
    if (request.rungs?.includes(rung) === false) continue;
    const climbing = climbers[rung](request);
    let progress: SearchProgress = { rung, runCount: 0 };
    let step = climbing.next();
    while (step.done !== true) {
      progress = step.value;
      yield progress;
      step = climbing.next();
    }
    tried.push(progress);
    const { plan, isComplete } = step.value;
    if (plan !== undefined) {
      const { verdict } = simulateRound(plan);
      return { finding: { plan, verdict, rung }, tried };
    }
    if (isComplete) return { finding: undefined, tried, proof: 'every behaviour was gone through' };
  }
  return { finding: undefined, tried };
}

type Climb = Generator<SearchProgress, { readonly plan?: RoundPlan; readonly isComplete?: boolean }>;

const climbers: Readonly<Record<(typeof rungs)[number], (request: SearchRequest) => Climb>> = {
  exact: climbExactly,
  'two-faced': (request) => tryAll('two-faced', twoFacedCandidates(request), request),
  staged: (request) => tryAll('staged', stagedCandidates(request), request),
  random: (request) => tryAll('random', randomCandidates(request), request),
  climb: climbByMargin,
};

function* climbExactly({ setting, traitorCount, ...request }: SearchRequest): Climb {
  const evaluationsMax = request.evaluationsMax ?? evaluationsMaxFor(setting) / 100;
  if (beginningCount(setting, traitorCount) > beginningsMax) return {};
  const cases = proofCases(setting, traitorCount);
  if (proofCost(cases, evaluationsMax) > evaluationsMax) return {};
  for (const [i, asked] of cases.entries()) {
    const proof = prove(asked, evaluationsMax);
    yield { rung: 'exact', runCount: i + 1 };
    if (proof === undefined) return {};
    if (proof.witness !== undefined) return { plan: proof.witness };
  }
  return { isComplete: true };
}

function* tryAll(rung: Rung, candidates: Iterable<RoundPlan>, { runsMax }: SearchRequest): Climb {
  let runCount = 0;
  for (const plan of candidates) {
    if (runCount >= runsMax) return {};
    runCount += 1;
    const isFound = marginOf(plan, simulateRound(plan)) === 0;
    yield { rung, runCount };
    if (isFound) return { plan };
  }
  return {};
}

/** From a random treason, changes one value at a time as long as that brings the round no further from breaking. */
function* climbByMargin(request: SearchRequest): Climb {
  const { seed, runsMax } = request;
  let runCount = 0;
  let closest = Number.POSITIVE_INFINITY;
  for (let start = 0; runCount < runsMax; start += 1) {
    let plan = randomPlan(request, (seed + start) >>> 0);
    let margin = marginOf(plan, simulateRound(plan));
    for (let step = 0; step <= stepsPerStart && runCount < runsMax; step += 1) {
      runCount += 1;
      closest = Math.min(closest, margin);
      yield { rung: 'climb', runCount, closest };
      if (margin === 0) return { plan };
      const other = changeOne(plan, step);
      const otherMargin = marginOf(other, simulateRound(other));
      if (otherMargin <= margin) [plan, margin] = [other, otherMargin];
    }
  }
  return {};
}

const stepsPerStart = 200;

/** The plan with one value, drawn by its seed and the step, said otherwise. */
function changeOne(plan: RoundPlan, step: number): RoundPlan {
  const { setting, seed, traitors } = plan;
  const places = traitors.flatMap(({ general }, traitor) =>
    owedValues(setting, general).map((value) => ({ ...value, traitor })),
  );
  const place = places[random(seed, 'change', step) % Math.max(1, places.length)];
  if (place === undefined) return plan;
  const { traitor, ...value } = place;
  const sayings = sayingsIn(setting);
  const act = sayings[random(seed, 'saying', step) % sayings.length] ?? 'nothing';
  const changed = traitors.map((spec, i) => (i === traitor ? withAct(spec, { ...value, act }) : spec));
  return { ...plan, traitors: changed };
}

function withAct(spec: TraitorSpec, act: TableAct): TraitorSpec {
  if (spec.strategy !== 'table') return spec;
  const isSamePlace = ({ phase, to, path }: TableAct) =>
    phase === act.phase && to === act.to && path.join() === act.path.join();
  const others = spec.acts.filter((one) => !isSamePlace(one));
  return { ...spec, acts: [...others, act] };
}

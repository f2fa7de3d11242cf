/**
 * Reduces a treason to the smallest that still breaks the round: what a person has to understand, and no more.
 * Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 28(2),
 * 2002, section 3): the result is 1-minimal, that is, no single lie can be taken back without saving the round.
 */
import { type RoundPlan, type SimulatedRound, simulateRound } from '../run.js';
import type { TraitorSpec } from '../traitors/spec.js';
import type { TableAct } from '../traitors/table.js';
import { owedValues } from '../traitors/tabulate.js';

export interface Shrunk {
  readonly plan: RoundPlan;
  /** Lies before and after: values said otherwise than a loyal general would, or left out. */
  readonly lieCountBefore: number;
  readonly lieCount: number;
  /** Rounds that were run on the way. */
  readonly runCount: number;
}

/**
 * The smallest treason within a plan, as tables; undefined for a plan that breaks neither agreement nor validity.
 * O(lies²) rounds at worst, O(lies) when few of them matter.
 */
export function shrink(plan: RoundPlan): Shrunk | undefined {
  let runCount = 0;
  const breaks = (acts: readonly TableAct[]): boolean => {
    runCount += 1;
    return isBroken(simulateRound(withActs(plan, acts)));
  };
  const written = writtenDown(plan);
  if (!breaks(written)) return undefined;
  let acts = written;
  for (;;) {
    const fewer = withoutTruths(plan, takeBack(acts, breaks));
    if (fewer.length === acts.length) break;
    acts = fewer;
  }
  return { plan: withActs(plan, acts), lieCountBefore: written.length, lieCount: acts.length, runCount };
}

/** True when agreement or validity is broken, promised or not. */
function isBroken({ verdict: { agreement, validity } }: SimulatedRound): boolean {
  return agreement.status === 'violated' || validity.status === 'violated';
}

/** What the traitors really said and left out in time, where that is no truth. */
function writtenDown(plan: RoundPlan): TableAct[] {
  const said = new Map(
    simulateRound(plan).messages.flatMap(({ to, entries }) =>
      entries.map(({ path, vote }) => [keyOf({ to, path }), vote]),
    ),
  );
  const acts = plan.traitors.flatMap(({ general }) =>
    owedValues(plan.setting, general).map(
      (value): TableAct => ({
        ...value,
        act: said.get(keyOf(value)) ?? 'nothing',
      }),
    ),
  );
  return withoutTruths(plan, acts);
}

/** Takes back chunks of lies, then ever smaller ones, as long as the round stays broken. */
function takeBack(all: readonly TableAct[], breaks: (acts: readonly TableAct[]) => boolean): TableAct[] {
  let acts = [...all];
  for (let size = Math.ceil(acts.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < acts.length; ) {
      const rest = [...acts.slice(0, start), ...acts.slice(start + size)];
      if (breaks(rest)) acts = rest;
      else start += size;
    }
  }
  return acts;
}

/** Lies only: an act that says what the traitor's loyal engine would say there does nothing. */
function withoutTruths(plan: RoundPlan, acts: readonly TableAct[]): TableAct[] {
  const lies = new Set(simulateRound(withActs(plan, acts)).lies.map(({ place }) => keyOf(place)));
  return acts.filter((act) => lies.has(keyOf(act)));
}

function withActs(plan: RoundPlan, acts: readonly TableAct[]): RoundPlan {
  const traitors = plan.traitors.map(
    ({ general }): TraitorSpec => ({
      general,
      strategy: 'table',
      acts: acts.filter(({ from }) => from === general),
    }),
  );
  return { ...plan, traitors };
}

/** Phase and sender are in the path. A key for maps only. */
function keyOf({ to, path }: Pick<TableAct, 'to' | 'path'>): string {
  return JSON.stringify([to, path]);
}

/**
 * Reduces a treason to the smallest that still breaks the round: what a person has to understand, and no more.
 * Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 28(2),
 * 2002, section 3): the result is 1-minimal, that is, no single lie can be taken back without saving the round.
 */
import type { Path, Slot } from '../protocol.js';
import { votes } from '../protocol.js';
import { protocolOf } from '../protocols.js';
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
    const fewer = withoutTruths(plan, halve(takeBack(acts, breaks), breaks));
    if (weightOf(fewer) === weightOf(acts)) break;
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
  const { setting } = plan;
  const said = new Map(
    simulateRound(plan).messages.flatMap((message) =>
      protocolOf(setting)
        .places(setting, message)
        .map(({ path, entries }) => [keyOf({ ...message, path }), entries] as const),
    ),
  );
  const acts = plan.traitors.flatMap(({ general }) =>
    owedValues(setting, general).map((value): TableAct => {
      const [entry, second] = said.get(keyOf(value)) ?? [];
      return { ...value, act: second === undefined ? (entry?.vote ?? 'nothing') : 'both' };
    }),
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

/** Of two votes said at one place, tries whether one does. */
function halve(all: readonly TableAct[], breaks: (acts: readonly TableAct[]) => boolean): TableAct[] {
  let acts = [...all];
  for (const [i, both] of all.entries()) {
    if (both.act !== 'both') continue;
    const halves = votes.map((act) => acts.with(i, { ...both, act }));
    acts = halves.find(breaks) ?? acts;
  }
  return acts;
}

/** Falls when lies become fewer, and when one of two votes is taken back. */
function weightOf(acts: readonly TableAct[]): number {
  return acts.reduce((sum, { act }) => sum + (act === 'both' ? 2 : 1), 0);
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

/** A key for maps only. */
function keyOf({ phase, from, to, path }: Slot & { readonly path: Path }): string {
  return JSON.stringify([phase, from, to, path]);
}

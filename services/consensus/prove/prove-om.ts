/**
 * Every behaviour of the traitors of an OM round, exactly. A lie of the last phase reaches one lieutenant alone
 * and can change nothing but that lieutenant's decision, so the lies before it are enumerated together and,
 * under each of them, the last lies of each lieutenant by themselves: at n = 7, m = 2 with two traitors in the
 * ranks 2^8 · 4 · 2^8 decisions stand for 2^40 behaviours.
 *
 * Votes are Attack or Retreat. A value left out is a third thing to do and ends the same as Retreat: a loyal
 * general relays and counts the default for it. prove-om.test.ts checks that on the engine.
 */
import { assert } from '../assert.js';
import type { GeneralId, Setting, Vote } from '../protocol.js';
import { protocolOf } from '../protocols.js';
import type { RoundPlan } from '../run.js';
import { opposite } from '../traitors/plan.js';
import type { TraitorSpec } from '../traitors/spec.js';
import type { TableAct } from '../traitors/table.js';
import { type DecisionRule, type LaneDecider, laneDecider } from './lanes.js';
import { type LiePlace, type OmTreason, omTreason } from './om-treason.js';
import type { Proof, ProofCase } from './proof.js';

/**
 * True for OM with a commander and oral messages, and for the baselines with OM's messages: the flat majority, and
 * the majority after one relay.
 */
export function isOmLike({ protocol, mode, isCouncil }: Setting): boolean {
  return ['om', 'flat', 'majority'].includes(protocol) && mode === 'mailbox' && !isCouncil;
}

/** How many evaluations `proveOm` takes, from the numbers alone; `Infinity` when it cannot be done. */
export function omEvaluations(asked: ProofCase): number {
  // There would be more places to lie than can be numbered; they are not even listed.
  if (protocolOf(asked.setting).cost(asked.setting).messageCount > 100_000) return Number.POSITIVE_INFINITY;
  const { upstream, lieutenants } = omTreason(asOm(asked));
  const isCountable = [upstream, ...lieutenants.map(({ last }) => last)].every(({ length }) => length <= 30);
  if (!isCountable) return Number.POSITIVE_INFINITY;
  return 2 ** upstream.length * lieutenants.reduce((sum, { last }) => sum + 2 ** last.length, 0);
}

/** Goes through all behaviours of one case. Costs `omEvaluations` / 32 evaluations of a vote tree. */
export function proveOm(asked: ProofCase): Proof {
  const rule: DecisionRule = asked.setting.protocol === 'flat' ? 'flat' : 'recursive';
  const treason = omTreason(asOm(asked));
  const { upstream, lieutenants } = treason;
  const deciders = lieutenants.map((lieutenant) => laneDecider(lieutenant, asked.order, rule));
  const perUpstream = deciders.reduce((sum, { lastCount }) => sum + lastCount, 0);
  const perUpstreamBehaviours = deciders.reduce((product, { lastCount }) => product * BigInt(lastCount), 1n);
  const isBound = !asked.traitors.includes(asked.setting.commander);
  let violations = 0n;
  let witness: RoundPlan | undefined;
  for (let lies = 0; lies < 2 ** upstream.length; lies += 1) {
    const attackCounts = deciders.map((decider) => decider.countAttacks(lies));
    if (rule === 'recursive') checkMonotone(deciders, lies, attackCounts);
    const broken = brokenCount(deciders, attackCounts, isBound ? asked.order : undefined);
    if (broken > 0n) witness ??= witnessOf(asked, treason, deciders, lies);
    violations += broken;
  }
  return {
    behaviours: BigInt(2 ** upstream.length) * perUpstreamBehaviours,
    evaluations: 2 ** upstream.length * perUpstream,
    violations,
    witness,
    convictedLoyal: [],
  };
}

/** The case in terms of OM(m): relayed once, the majority is OM(1). */
function asOm(asked: ProofCase): ProofCase {
  const { setting } = asked;
  if (setting.protocol !== 'majority') return asked;
  return { ...asked, setting: { ...setting, traitorsMax: 1 } };
}

/** The behaviours of the last phase after which two lieutenants differ, or one disobeys. */
function brokenCount(
  deciders: readonly LaneDecider[],
  attackCounts: readonly number[],
  order: Vote | undefined,
): bigint {
  const areAll = (vote: Vote) =>
    deciders.every(({ lastCount }, i) => attackCounts[i] === (vote === 'Attack' ? lastCount : 0));
  if (order === undefined ? areAll('Attack') || areAll('Retreat') : areAll(order)) return 0n;
  let [all, attacking, retreating] = [1n, 1n, 1n];
  for (const [i, { lastCount }] of deciders.entries()) {
    const attackCount = attackCounts[i] ?? 0;
    all *= BigInt(lastCount);
    attacking *= BigInt(attackCount);
    retreating *= BigInt(lastCount - attackCount);
  }
  if (order === undefined) return all - attacking - retreating;
  return all - (order === 'Attack' ? attacking : retreating);
}

/**
 * Another way to the same answer: with ties to Retreat the recursive majority is monotone, so a decision can be
 * Attack if and only if it is when all last lies say Attack, and Retreat likewise.
 */
function checkMonotone(
  deciders: readonly LaneDecider[],
  lies: number,
  attackCounts: readonly number[],
): void {
  for (const [i, decider] of deciders.entries()) {
    const { lastCount } = decider;
    const attackCount = attackCounts[i] ?? 0;
    const canAttack = decider.decide(lies, lastCount - 1) === 'Attack';
    const canRetreat = decider.decide(lies, 0) === 'Retreat';
    assert(canAttack === attackCount > 0, 'the recursive majority is monotone in Attack');
    assert(canRetreat === attackCount < lastCount, 'the recursive majority is monotone in Retreat');
  }
}

/** The first behaviour under these lies that breaks the round, as tables for the traitors. */
function witnessOf(
  asked: ProofCase,
  { upstream, lieutenants }: OmTreason,
  deciders: readonly LaneDecider[],
  lies: number,
): RoundPlan {
  const firstLast = (i: number, wanted: Vote): number | undefined => {
    const decider = deciders[i] as LaneDecider;
    for (let last = 0; last < decider.lastCount; last += 1) {
      if (decider.decide(lies, last) === wanted) return last;
    }
    return undefined;
  };
  const isBound = !asked.traitors.includes(asked.setting.commander);
  const chosen = chooseLast(deciders.length, firstLast, isBound ? asked.order : undefined);
  const said = [
    ...upstream.map((place, bit) => ({ ...place, vote: voteOf(lies, bit) })),
    ...lieutenants.flatMap(({ last }, i) =>
      last.map((place, bit) => ({ ...place, vote: voteOf(chosen[i] ?? 0, bit) })),
    ),
  ];
  const { setting, order, traitors } = asked;
  return { setting, order, traitors: traitors.map((general) => table(general, said)), seed: 0 };
}

/** One last treason for each lieutenant, so that together they break the round. */
function chooseLast(
  count: number,
  firstLast: (lieutenant: number, wanted: Vote) => number | undefined,
  order: Vote | undefined,
): number[] {
  const chosen = Array.from({ length: count }, () => 0);
  const wanted = order === undefined ? undefined : opposite(order);
  for (let i = 0; i < count; i += 1) {
    const last = wanted === undefined ? undefined : firstLast(i, wanted);
    if (last !== undefined) return chosen.with(i, last);
  }
  for (let i = 0; i < count; i += 1) {
    const attack = firstLast(i, 'Attack');
    if (attack === undefined) continue;
    for (let j = 0; j < count; j += 1) {
      const retreat = j === i ? undefined : firstLast(j, 'Retreat');
      if (retreat !== undefined) return chosen.with(i, attack).with(j, retreat);
    }
  }
  throw new Error('a broken round has a general that attacks and one that retreats');
}

function table(general: GeneralId, said: readonly (LiePlace & { readonly vote: Vote })[]): TraitorSpec {
  const acts = said
    .filter(({ path }) => path.at(-1) === general)
    .map(({ path, to, vote }): TableAct => ({ phase: path.length - 1, from: general, to, path, act: vote }));
  return { general, strategy: 'table', acts };
}

function voteOf(treason: number, bit: number): Vote {
  return ((treason >>> bit) & 1) === 1 ? 'Attack' : 'Retreat';
}

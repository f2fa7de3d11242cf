/**
 * What people may know of a space: how it stands, and how a search in it would go.
 */
import type { ExplainAnswer, SpaceInfo } from '../../space.js';
import type { Template } from '../../template.js';
import type { MemorySpaceOptions } from './space-options.js';
import type { SpaceState } from './state.js';

export interface LookedAt {
  readonly state: SpaceState;
  readonly waiterCount: number;
  readonly watchCount: number;
}

export function infoOf(
  { name, incarnation, creator, settings }: MemorySpaceOptions,
  { state, waiterCount, watchCount }: LookedAt,
): SpaceInfo {
  const { bag, history, leaseCount } = state;
  return {
    space: name,
    incarnation,
    creator,
    revision: BigInt(history.revision),
    oldestRevision: BigInt(history.oldestRevision),
    tupleCount: bag.size,
    heldCount: bag.held.size,
    tupleBytes: bag.bytes,
    leaseCount,
    waiterCount,
    watchCount,
    settings,
  };
}

export function explain(template: Template, { state, waiterCount }: LookedAt): ExplainAnswer {
  const { examinedMax } = state.search([]);
  const plan = state.bag.free.plan(template, examinedMax);
  return { index: plan.words(), examinedCount: plan.size, examinedMax, waiterCount };
}

/**
 * A traitor as data: who it is and how it betrays. This is what a person asks for and what a brief carries.
 */

import type { GeneralId, Setting } from '../protocol.js';
import type { Problem } from '../setting.js';
import type { Plan, PlanContext } from './plan.js';
import { createPlan, type StrategyName, strategyNamed, strategyNames } from './strategies.js';
import { checkTable, type TableAct, tablePlan } from './table.js';
import { checkTrigger, type Trigger, triggered } from './trigger.js';

export type TraitorSpec =
  | { readonly general: GeneralId; readonly strategy: StrategyName; readonly only?: Trigger }
  | {
      readonly general: GeneralId;
      readonly strategy: 'table';
      readonly acts: readonly TableAct[];
      readonly only?: undefined;
    };

/** The part of the common plan that one traitor follows. The spec must have passed `checkTraitorSpec`. */
export function planFor(spec: TraitorSpec, context: PlanContext): Plan {
  if (spec.strategy === 'table') return tablePlan(spec.acts);
  const plan = createPlan({ strategy: spec.strategy, ...context });
  return spec.only === undefined ? plan : triggered(plan, spec.only);
}

/** All that is wrong with a spec; empty when it can be used. Fields are those of the spec. */
export function checkTraitorSpec(spec: TraitorSpec, setting: Setting): Problem[] {
  const problems: Problem[] = [];
  if (!setting.generals.includes(spec.general)) {
    problems.push({
      field: 'general',
      problem: `must be one of the generals, got ${JSON.stringify(spec.general)}`,
    });
  }
  if (spec.strategy === 'table') return [...problems, ...checkTable(spec.acts, spec.general, setting)];
  if (strategyNamed(spec.strategy) === undefined) {
    const names = [...strategyNames, 'table'].join(', ');
    problems.push({
      field: 'strategy',
      problem: `must be one of ${names}, got ${JSON.stringify(spec.strategy)}`,
    });
  }
  return spec.only === undefined ? problems : [...problems, ...checkTrigger(spec.only, setting)];
}

/**
 * Writes a plan down value by value.
 */
import type { GeneralId, Path, Setting } from '../protocol.js';
import { protocolOf } from '../protocols.js';
import type { TraitorSpec } from './spec.js';
import type { TableAct } from './table.js';

/** One value that a traitor owes. */
export interface OwedValue {
  readonly phase: number;
  readonly from: GeneralId;
  readonly to: GeneralId;
  readonly path: Path;
}

/** All values that a general owes in a round, by phase and recipient. Costs what it would send. */
export function owedValues(setting: Setting, general: GeneralId): OwedValue[] {
  const protocol = protocolOf(setting);
  const values: OwedValue[] = [];
  for (let phase = 0; phase < protocol.phaseCount(setting); phase += 1) {
    for (const { from, to } of protocol.slots(setting, phase)) {
      if (from !== general) continue;
      for (const path of protocol.paths(setting, { phase, from, to })) values.push({ phase, from, to, path });
    }
  }
  return values;
}

/** A traitor that says at each place what the function says; undefined is the truth. */
export function tabulate(
  setting: Setting,
  general: GeneralId,
  say: (value: OwedValue) => TableAct['act'] | undefined,
): TraitorSpec {
  const acts = owedValues(setting, general).flatMap((value): TableAct[] => {
    const act = say(value);
    return act === undefined ? [] : [{ ...value, act }];
  });
  return { general, strategy: 'table', acts };
}

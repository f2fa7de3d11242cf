/**
 * A plan written down value by value, for experiments, exact enumeration and replay.
 */
import type { GeneralId, Path, Setting, Vote } from '../protocol.js';
import { protocolOf } from '../protocols.js';
import type { Problem } from '../setting.js';
import { type Act, type Plan, say, sayNothing, sayTruth } from './plan.js';

/** One line of the table. What no line names is said as a loyal general would. */
export interface TableAct {
  readonly phase: number;
  readonly from: GeneralId;
  readonly to: GeneralId;
  /** A place of that slot; ends in `from`. */
  readonly path: Path;
  readonly act: Vote | 'both' | 'nothing';
}

/**
 * The plan that the table says. Of two lines for one place the first stands; `checkTable` reports the other.
 */
export function tablePlan(acts: readonly TableAct[]): Plan {
  const byPlace = new Map<string, Act>();
  for (const line of acts) {
    const key = placeKey(line);
    if (!byPlace.has(key)) byPlace.set(key, actOf(line));
  }
  return (place) => byPlace.get(placeKey(place)) ?? sayTruth;
}

function actOf({ act }: TableAct): Act {
  if (act === 'nothing') return sayNothing;
  return act === 'both' ? { kind: 'both' } : say(act);
}

/**
 * All that is wrong with the table of one general; empty when it can be used. Fields are like `acts[3].path`.
 * The setting must have passed `checkSetting`. O(lines).
 */
export function checkTable(acts: readonly TableAct[], general: GeneralId, setting: Setting): Problem[] {
  const seen = new Set<string>();
  return acts.flatMap((line, index): Problem[] => {
    const found = checkLine(line, general, setting);
    const key = placeKey(line);
    if (found === undefined && seen.has(key)) {
      return [
        { field: `acts[${index}]`, problem: `an earlier line names ${line.to} and ${show(line.path)} too` },
      ];
    }
    seen.add(key);
    return found === undefined ? [] : [{ ...found, field: `acts[${index}].${found.field}` }];
  });
}

function checkLine(
  { phase, from, to, path, act }: TableAct,
  general: GeneralId,
  setting: Setting,
): Problem | undefined {
  if (from !== general)
    return { field: 'from', problem: `must be ${general}, whose table it is, got ${from}` };
  if (!protocolOf(setting).isOwed(setting, { phase, from, to }, path)) {
    return { field: 'path', problem: `${from} owes ${to} no value by ${show(path)} in phase ${phase}` };
  }
  if (['Attack', 'Retreat', 'both', 'nothing'].includes(act)) return undefined;
  return { field: 'act', problem: `must be Attack, Retreat, both or nothing, got ${JSON.stringify(act)}` };
}

/** The sender is the last of the path. A key for maps only; nothing is read from it. */
function placeKey({ phase, to, path }: Pick<TableAct, 'phase' | 'to' | 'path'>): string {
  return JSON.stringify([phase, to, path]);
}

function show(path: Path): string {
  return path.join(' > ');
}

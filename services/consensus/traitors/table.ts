/**
 * A plan written down value by value, for experiments, exact enumeration and replay.
 */
import type { GeneralId, Path, Setting, Vote } from '../protocol.js';
import { protocolNamed } from '../protocols.js';
import type { Problem } from '../setting.js';
import { type Act, type Plan, say, sayNothing } from './plan.js';

/** One line of the table. What no line names is said as a loyal general would. */
export interface TableAct {
  readonly phase: number;
  readonly from: GeneralId;
  readonly to: GeneralId;
  /** Ends in `from`. */
  readonly path: Path;
  readonly act: Vote | 'nothing';
}

/**
 * The plan that the table says. Of two lines for one place the first stands; `checkTable` reports the other.
 */
export function tablePlan(acts: readonly TableAct[]): Plan {
  const byPlace = new Map<string, Act>();
  for (const { to, path, act } of acts) {
    const key = placeKey(to, path);
    if (!byPlace.has(key)) byPlace.set(key, act === 'nothing' ? sayNothing : say(act));
  }
  return ({ to, path, loyalVote }) => byPlace.get(placeKey(to, path)) ?? say(loyalVote);
}

/**
 * All that is wrong with the table of one general; empty when it can be used. Fields are like `acts[3].path`.
 * The setting must have passed `checkSetting`. O(lines).
 */
export function checkTable(acts: readonly TableAct[], general: GeneralId, setting: Setting): Problem[] {
  const seen = new Set<string>();
  return acts.flatMap((line, index): Problem[] => {
    const found = checkLine(line, general, setting);
    const key = placeKey(line.to, line.path);
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
  if (!protocolNamed(setting.protocol).isOwed(setting, { phase, from, to }, path)) {
    return { field: 'path', problem: `${from} owes ${to} no value by ${show(path)} in phase ${phase}` };
  }
  if (act === 'Attack' || act === 'Retreat' || act === 'nothing') return undefined;
  return { field: 'act', problem: `must be Attack, Retreat or nothing, got ${JSON.stringify(act)}` };
}

/**
 * Phase and sender are in the path: its length and its last. A key for maps only; nothing is read from it.
 */
function placeKey(to: GeneralId, path: Path): string {
  return JSON.stringify([to, path]);
}

function show(path: Path): string {
  return path.join(' > ');
}

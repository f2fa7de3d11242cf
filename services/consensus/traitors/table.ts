/**
 * A plan written down value by value, for experiments, exact enumeration and replay.
 */
import { type GeneralId, type Path, type Setting, type Vote, votes } from '../protocol.js';
import { protocolOf } from '../protocols.js';
import type { Problem } from '../setting.js';
import { type Act, type Plan, type Stray, say, sayNothing, sayTruth, type Timing, timings } from './plan.js';

/** One line of the table. What no line names is said as a loyal general would. */
export interface TableAct {
  readonly phase: number;
  readonly from: GeneralId;
  readonly to: GeneralId;
  /** A place of that slot; ends in `from`. */
  readonly path: Path;
  readonly act: Vote | 'both' | 'nothing' | 'loyal';
  /** Only if a loyal general would say this; it goes before a line without it. */
  readonly ifLoyal?: Vote;
  readonly when?: Timing;
  /** Says this too. */
  readonly also?: Stray;
}

/**
 * The plan that the table says. Of two lines for one place the first stands; `checkTable` reports the other.
 */
export function tablePlan(acts: readonly TableAct[]): Plan {
  const byPlace = new Map<string, Act>();
  for (const line of acts) {
    const key = placeKey(line, line.ifLoyal);
    if (!byPlace.has(key)) byPlace.set(key, actOf(line));
  }
  return (place) =>
    byPlace.get(placeKey(place, place.loyalVote)) ?? byPlace.get(placeKey(place, undefined)) ?? sayTruth;
}

function actOf(line: TableAct): Act {
  const { when, also } = line;
  if (when === undefined && also === undefined) return plainActOf(line);
  const extras = { ...(when === undefined ? {} : { when }), ...(also === undefined ? {} : { also }) };
  return { ...plainActOf(line), ...extras };
}

function plainActOf({ act }: TableAct): Act {
  switch (act) {
    case 'nothing':
      return sayNothing;
    case 'loyal':
      return sayTruth;
    case 'both':
      return { kind: 'both' };
    default:
      return say(act);
  }
}

/**
 * All that is wrong with the table of one general; empty when it can be used. Fields are like `acts[3].path`.
 * The setting must have passed `checkSetting`. O(lines).
 */
export function checkTable(acts: readonly TableAct[], general: GeneralId, setting: Setting): Problem[] {
  const seen = new Set<string>();
  return acts.flatMap((line, index): Problem[] => {
    const found = checkLine(line, general, setting);
    const key = placeKey(line, line.ifLoyal);
    if (found === undefined && seen.has(key)) {
      return [
        { field: `acts[${index}]`, problem: `an earlier line names ${line.to} and ${show(line.path)} too` },
      ];
    }
    seen.add(key);
    return found === undefined ? [] : [{ ...found, field: `acts[${index}].${found.field}` }];
  });
}

function checkLine(line: TableAct, general: GeneralId, setting: Setting): Problem | undefined {
  const { phase, from, to, path, act, ifLoyal, when, also } = line;
  if (from !== general)
    return { field: 'from', problem: `must be ${general}, whose table it is, got ${from}` };
  if (!protocolOf(setting).isOwed(setting, { phase, from, to }, path)) {
    const what = `${from} owes ${to} no value by ${show(path)} in phase ${phase}`;
    return { field: 'path', problem: `${what}; what nobody owes can be said with "also"` };
  }
  if (!sayings.includes(act)) return oneOf('act', sayings, act);
  if (ifLoyal !== undefined && !votes.includes(ifLoyal)) return oneOf('ifLoyal', votes, ifLoyal);
  if (when !== undefined && !timings.includes(when)) return oneOf('when', timings, when);
  return also === undefined ? undefined : checkStray(also);
}

/** A stray may say anything that a tuple can hold. */
function checkStray({ phase, from, to, path, vote }: Stray): Problem | undefined {
  if (!Number.isInteger(phase) || Math.abs(phase) > 2 ** 31 - 1)
    return { field: 'also.phase', problem: `must be an integer of 32 bits, got ${phase}` };
  if ([from, to, vote, ...path].every(({ length }) => length <= 100) && path.length <= 100) return undefined;
  return { field: 'also', problem: 'texts have up to 100 characters, paths up to 100 generals' };
}

function oneOf(field: string, allowed: readonly string[], got: unknown): Problem {
  const [last, ...others] = allowed.toReversed();
  const list = `${others.toReversed().join(', ')} or ${last}`;
  return { field, problem: `must be ${list}, got ${JSON.stringify(got)}` };
}

const sayings: readonly TableAct['act'][] = [...votes, 'both', 'nothing', 'loyal'];

/** The sender is the last of the path. A key for maps only; nothing is read from it. */
function placeKey({ phase, to, path }: Pick<TableAct, 'phase' | 'to' | 'path'>, loyalVote?: Vote): string {
  return JSON.stringify([phase, to, path, loyalVote ?? null]);
}

function show(path: Path): string {
  return path.join(' > ');
}

/**
 * Strategies that people bring: a function of the place, asked beforehand about every value that its traitor owes and
 * written down as a table. So a treason is data wherever it goes: no foreign code reaches a node, and the round can be
 * replayed from its record.
 */
import type { GeneralId, Setting } from '../protocol.js';
import { votes } from '../protocol.js';
import type { Place, PlanContext, Stray } from './plan.js';
import { checkTable, type TableAct } from './table.js';
import { owedValues } from './tabulate.js';

/** What an own strategy is asked about: one value, for each of the things that a loyal general may say there. */
export type OwnPlace = Omit<Place, 'seen'>;

/** What it answers: what the traitor says there, or also when, and what else; as in a plan file. */
export type OwnAct = TableAct['act'] | Pick<TableAct, 'act' | 'when' | 'also'>;

/** What a file with an own strategy exports under the name `createPlan`. Pure: the same place, the same answer. */
export type CreateOwnPlan = (context: PlanContext) => (place: OwnPlace) => OwnAct;

/** All that a traitor's strategy is asked, in the order in which `ownTable` takes the answers. */
export function ownPlaces(setting: Setting, general: GeneralId): readonly OwnPlace[] {
  return owedValues(setting, general).flatMap((value) =>
    [...votes, undefined].map((loyalVote) => ({ ...value, loyalVote })),
  );
}

export type OwnTable =
  | { readonly kind: 'table'; readonly acts: readonly TableAct[] }
  /** An answer that nobody can follow: for which place, and what is wrong with it. */
  | { readonly kind: 'problem'; readonly place: OwnPlace; readonly problem: string };

/** The table that the answers make; where all of them are alike, or the truth, lines are saved. */
export function ownTable(
  setting: Setting,
  { places, answers }: { readonly places: readonly OwnPlace[]; readonly answers: readonly unknown[] },
): OwnTable {
  const acts: TableAct[] = [];
  const caseCount = votes.length + 1;
  for (let at = 0; at < places.length; at += caseCount) {
    const lines: TableAct[] = [];
    for (const [i, place] of places.slice(at, at + caseCount).entries()) {
      const line = lineOf(place, answers[at + i]);
      const problem = typeof line === 'string' ? line : problemOf(line, setting);
      if (typeof line === 'string' || problem !== undefined)
        return { kind: 'problem', place, problem: problem ?? '' };
      lines.push(line);
    }
    acts.push(...shortened(lines));
  }
  return { kind: 'table', acts };
}

/** The line of a table, or what is wrong with the form of the answer. */
function lineOf({ phase, from, to, path, loyalVote }: OwnPlace, answer: unknown): TableAct | string {
  const said = typeof answer === 'string' ? { act: answer } : answer;
  if (typeof said !== 'object' || said === null || !('act' in said))
    return `must be a saying such as "Attack", or { act, when, also }, got ${JSON.stringify(answer)}`;
  const { act, when, also } = said as Pick<TableAct, 'act' | 'when' | 'also'>;
  if (also !== undefined && !isStray(also))
    return `also must be { phase, from, to, path, vote }, got ${JSON.stringify(also)}`;
  return {
    ...{ phase, from, to, path, act },
    ...(loyalVote === undefined ? {} : { ifLoyal: loyalVote }),
    ...(when === undefined ? {} : { when }),
    ...(also === undefined ? {} : { also }),
  };
}

function isStray(also: unknown): also is Stray {
  const { phase, from, to, path, vote } = (also ?? {}) as Partial<Record<keyof Stray, unknown>>;
  const texts = [from, to, vote, ...(Array.isArray(path) ? path : [undefined])];
  return typeof phase === 'number' && texts.every((text) => typeof text === 'string');
}

/** Such as `act must be …`. */
function problemOf(line: TableAct, setting: Setting): string | undefined {
  const [found] = checkTable([line], line.from, setting);
  return found && `${found.field.replace('acts[0].', '')} ${found.problem}`;
}

/** One line for all cases where they are alike; none where they are the truth. */
function shortened(lines: readonly TableAct[]): readonly TableAct[] {
  if (lines.every(isTruth)) return [];
  const sayings = new Set(lines.map(({ act, when, also }) => JSON.stringify([act, when, also])));
  return sayings.size === 1 ? lines.slice(-1) : lines;
}

/** A vote where a loyal general would say it is the truth too. */
function isTruth({ act, ifLoyal, when, also }: TableAct): boolean {
  return (act === 'loyal' || act === ifLoyal) && when === undefined && also === undefined;
}

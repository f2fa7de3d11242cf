/**
 * The generals of a round as a table: where each stands, what it is, what it heard, what it decided.
 */
import type { GeneralId } from '../../consensus/index.js';
import { everyone } from '../../consensus/index.js';
import type { Round } from '../../orchestrator/index.js';
import { grouped } from '../output/numbers.js';
import type { TableContent } from '../output/table.js';
import { statementsOf, wordOf } from './statements.js';
import type { ReportView } from './view.js';

/** More values than this are counted instead of listed. */
const heardMax = 5;

/** A row for each general, in canonical order. */
export function generalsTable(round: Round, view: ReportView): TableContent {
  const nodes = new Map(round.seats.map((seat) => [seat.general, seat.node]));
  const heard = round.messages === undefined ? undefined : heardBy(round);
  const rows = round.setting.generals.map((general) => [
    general,
    nodes.get(general) ?? '',
    role(round, general, view),
    heardOf(round, general, heard),
    decision(round, general),
  ]);
  return { head: ['general', 'node', 'role', 'heard', 'decision'], rows };
}

function role(round: Round, general: GeneralId, { style }: ReportView): string {
  const isCommander = commands(round, general);
  if (!isTraitor(round, general)) return isCommander ? 'commander' : 'loyal';
  return style.bad(isCommander ? 'commander, TRAITOR' : 'TRAITOR');
}

function isTraitor(round: Round, general: GeneralId): boolean {
  return round.traitors.some((spec) => spec.general === general);
}

function commands({ setting }: Round, general: GeneralId): boolean {
  return !setting.isCouncil && general === setting.commander;
}

/** What a traitor hears does not matter, and the commander hears nothing. */
function heardOf(
  round: Round,
  general: GeneralId,
  heard: ReadonlyMap<GeneralId, string> | undefined,
): string {
  const traitor = round.traitors.find((spec) => spec.general === general);
  if (traitor !== undefined) return `(plays ${traitor.strategy})`;
  return commands(round, general) ? `own order, ${round.order}` : (heard?.get(general) ?? '');
}

function heardBy(round: Round): ReadonlyMap<GeneralId, string> {
  const words = new Map<GeneralId, string[]>();
  for (let phase = 0; phase < round.cost.phaseCount; phase += 1) {
    for (const statement of statementsOf(round, phase)) {
      const { from, to } = statement;
      const readers = to === everyone ? round.setting.generals.filter((one) => one !== from) : [to];
      for (const reader of readers) {
        const list = words.get(reader) ?? [];
        list.push(wordOf(statement));
        words.set(reader, list);
      }
    }
  }
  return new Map([...words].map(([general, list]) => [general, listed(list)]));
}

function listed(words: readonly string[]): string {
  if (words.length <= heardMax) return words.join(' ');
  const count = (isCounted: (word: string) => boolean) => grouped(words.filter(isCounted).length);
  const attackCount = count((word) => word.startsWith('Attack'));
  const isAllTrue = words.every((word) => !word.endsWith('!'));
  const falsehood = isAllTrue ? '' : `, ${count((word) => word.endsWith('!'))} false!`;
  return `${grouped(words.length)}: ${attackCount} Attack${falsehood}`;
}

function decision(round: Round, general: GeneralId): string {
  if (isTraitor(round, general)) return '(ignored)';
  const vote = round.decisions.get(general);
  if (round.verdict?.lost.includes(general)) return `${vote ?? 'none'} (late or lost)`;
  return vote ?? 'none';
}

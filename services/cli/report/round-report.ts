/**
 * The report of a round for people: what it was, who said what to whom, what each decided, the verdict, the
 * metrics, what to try next.
 */
import { type Evidence, findViolation } from '../../consensus/index.js';
import type { Round } from '../../orchestrator/index.js';
import { refusalWords } from '../../record/index.js';
import { grouped } from '../output/numbers.js';
import { alignedTable, plainTable } from '../output/table.js';
import { type OwnTraitor, ownTraitorLines } from '../own-strategy/own-round.js';
import { evidenceLines } from './evidence.js';
import { generalsTable } from './generals.js';
import { headerLines } from './header.js';
import { messageLines } from './messages.js';
import { metricLines } from './metrics.js';
import { againCommand, replayCommand } from './replay.js';
import { conclusion, isViolated, verdictLines } from './verdict.js';
import type { ReportView } from './view.js';

/** All lines; the last is PASS, VIOLATED, UNKNOWN or OUTSIDE BOUND. `place` says where the record is. */
export function roundReport(
  round: Round,
  view: ReportView,
  {
    place,
    evidence,
    ownTraitors = [],
  }: {
    readonly place: string;
    readonly evidence?: Evidence | undefined;
    readonly ownTraitors?: readonly OwnTraitor[];
  },
): string {
  const table = view.isPlain ? plainTable : alignedTable;
  const blocks = [
    headerLines(round, view, place),
    round.messages === undefined ? [] : messageLines(round, view),
    [table(generalsTable(round, view)), ...ownTraitorLines(ownTraitors)],
    verdictLines(round.verdict, view),
    evidence === undefined ? [] : evidenceLines(evidence, round, view),
    metricLines(round, view),
    [...ignoredLines(round), ...refusedLines(round), ...nextLines(round)],
  ];
  const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${text.join(view.isPlain ? '\n' : '\n\n')}\n${conclusion(round.verdict, view)}`;
}

/** Why each tuple that did not count did not. */
function ignoredLines(round: Round): readonly string[] {
  if (round.ignored.length === 0) return [];
  const reasons = round.ignored.map(
    ({ reason, count }) => `${reason.replaceAll('_', ' ')} ${grouped(count)}`,
  );
  return [`ignored  ${reasons.join(', ')}`];
}

/** What each caller tried, and the space did not let it. */
function refusedLines({ refusals }: Round): readonly string[] {
  return refusalWords(refusals).map((words) => `refused  ${words}`);
}

function nextLines(round: Round): readonly string[] {
  const { verdict } = round;
  const isOutside = verdict !== undefined && !verdict.isWithin;
  const again = againCommand(round);
  const lines = again === undefined ? [] : [`again    ${again}`];
  return isOutside && !isViolated(verdict) ? [...lines, ...breakingLines(round)] : lines;
}

/** A round outside the bound that held: the treason that would have broken it. */
function breakingLines(round: Round): readonly string[] {
  const { setting, inputs, traitors, cost } = round;
  const runsMax = Math.min(2_000, Math.floor(searchValuesMax / cost.messageCount));
  if (runsMax < 1) return [];
  const violation = findViolation({ setting, inputs, traitorCount: traitors.length, runsMax });
  const command =
    violation === undefined
      ? undefined
      : replayCommand({ ...violation, setting, inputs, isOutsideBoundAllowed: true });
  return command === undefined ? [] : ['it held by luck; this breaks it:', `break    ${command}`];
}

/** Values that the search for a violation may spend: a fraction of a second. */
const searchValuesMax = 200_000;

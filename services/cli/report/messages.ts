/**
 * The exchange of a round for people: phase by phase who said what to whom. Where that would be too long,
 * phases are folded to a line for each sender, or to one line, and the report says so.
 */
import type { GeneralId, Setting } from '../../consensus/index.js';
import { generalIndex } from '../../consensus/index.js';
import type { Round } from '../../orchestrator/index.js';
import { counted, grouped } from '../output/numbers.js';
import { wrapWords } from '../output/wrap.js';
import { phaseTitle } from './phase-title.js';
import { type Statement, statementsOf, wordOf } from './statements.js';
import type { ReportView } from './view.js';

/** More lines than this are folded. */
const linesMax = 60;

/** The lines of all phases. The round must have its messages. */
export function messageLines(round: Round, view: ReportView): readonly string[] {
  const phases = Array.from({ length: round.cost.phaseCount }, (_, phase) => {
    const statements = statementsOf(round, phase);
    return { statements, forms: formsOf(round.setting, phase, statements, view) };
  });
  const folds = view.isAll ? phases.map(() => 0) : chooseFolds(phases.map(({ forms }) => forms));
  const shown = phases.map(({ forms, statements }, phase) => ({
    fold: folds[phase] ?? 0,
    forms,
    statements,
  }));
  return [...shown.flatMap(({ forms, fold }) => forms[fold] ?? []), ...legend(shown, view)];
}

/** The lines of a phase in full, then ever shorter. */
type Forms = readonly (readonly string[])[];

function formsOf(setting: Setting, phase: number, statements: readonly Statement[], view: ReportView): Forms {
  const title = phaseTitle(setting, phase);
  const bySender = groupBy(statements, ({ from }) => from);
  const sums = [...bySender].map(([from, said]) => `  ${from} → ${sumOf(said)}`);
  if (view.isPlain) {
    return [
      statements.map((statement) => plainLine(phase, statement)),
      [...bySender].map(([from, said]) => `phase ${phase}: ${from} tells ${sumOf(said)}`),
      [`phase ${phase}: ${sumOf(statements)}`],
    ];
  }
  const head = view.style.strong(title);
  const isSingle = statements.every(({ via }) => via.length <= 1);
  const full = [...bySender].flatMap(([from, said]) =>
    isSingle ? senderLines(from, said, view) : pairLines(from, said, view),
  );
  return [[head, ...full], [head, ...sums], [`${head}: ${sumOf(statements)}`]];
}

/** Folds the longest phase, a step at a time, until all fit or nothing is left to fold. */
function chooseFolds(phases: readonly Forms[]): readonly number[] {
  const folds = phases.map(() => 0);
  for (;;) {
    const lengths = phases.map((forms, phase) => forms[folds[phase] ?? 0]?.length ?? 0);
    const longest = lengths.indexOf(Math.max(...lengths));
    const next = (folds[longest] ?? 0) + 1;
    const isLast = next >= (phases[longest]?.length ?? 0);
    if (isLast || lengths.reduce((sum, length) => sum + length, 0) <= linesMax) return folds;
    folds[longest] = next;
  }
}

/** Where a general owes each recipient one value, all of them in a line, which may go on below. */
function senderLines(from: GeneralId, said: readonly Statement[], view: ReportView): readonly string[] {
  const cells = said.map((value) => `${value.to} ${wordOf(value)}`);
  return valueLines(`  ${from} → `, cells, said, view);
}

/** Where it owes several, a line for each recipient. Generals are told by their numbers, which is short. */
function pairLines(from: GeneralId, said: readonly Statement[], view: ReportView): readonly string[] {
  return [...groupBy(said, ({ to }) => to)].flatMap(([to, values]) => {
    const cells = values.map((value) => `${value.via.map(numberOf).join('.')} ${wordOf(value)}`);
    return valueLines(`  ${from} → ${numberOf(to)}: `, cells, values, view);
  });
}

function valueLines(
  start: string,
  cells: readonly string[],
  values: readonly Statement[],
  { columns, style }: ReportView,
): readonly string[] {
  const isFalse = values.some((value) => value.isFalse);
  const widest = Math.max(...cells.map(({ length }) => length));
  const words = cells.map((cell) => `${cell.padEnd(widest)}  `);
  const lines = wrapWords(start, isFalse ? [...words, 'false'] : words, columns);
  return isFalse ? lines.map((line) => style.bad(line)) : lines;
}

function plainLine(phase: number, statement: Statement): string {
  const { from, to, via, vote, isEmpty, isFalse } = statement;
  const way = via.length < 2 ? '' : `, by way of ${via.join(' and ')}`;
  return `phase ${phase}: ${from} tells ${to} ${vote ?? (isEmpty ? 'that it has nothing to say' : 'nothing')}${way}${isFalse ? ', false' : ''}`;
}

function numberOf(general: GeneralId): string {
  return String(generalIndex(general) ?? general);
}

function sumOf(values: readonly Statement[]): string {
  const shown = ['Attack', 'Retreat', 'none', 'nothing']
    .map((word) => ({
      word,
      count: values.filter((value) => wordOf({ ...value, isFalse: false }) === word).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${grouped(count)} ${word}`);
  const falseCount = values.filter(({ isFalse }) => isFalse).length;
  const falsehood = falseCount === 0 ? '' : `, ${grouped(falseCount)} of them false!`;
  return `${counted(values.length, 'value')}: ${shown.join(', ')}${falsehood}`;
}

function legend(
  phases: readonly { readonly fold: number; readonly statements: readonly Statement[] }[],
  { isPlain }: ReportView,
): readonly string[] {
  const notes: string[] = [];
  if (
    !isPlain &&
    phases.some(({ fold, statements }) => fold === 0 && statements.some(({ via }) => via.length > 1))
  ) {
    notes.push('0.2 Attack: "general-2 told me that general-0 said Attack"');
  }
  if (
    !isPlain &&
    phases.some(({ fold, statements }) => fold === 0 && statements.some(({ isEmpty }) => isEmpty))
  ) {
    notes.push('none: it said that it has nothing to say, unlike nothing, which is silence');
  }
  if (phases.some(({ statements }) => statements.some(({ isFalse }) => isFalse))) {
    notes.push('! marks a falsehood: a loyal general in its place would have said otherwise');
  }
  const folded = phases.flatMap(({ fold }, phase) => (fold === 0 ? [] : [phase]));
  if (folded.length > 0) {
    const count = folded.reduce((sum, phase) => sum + (phases[phase]?.statements.length ?? 0), 0);
    const which = folded.length === 1 ? `phase ${folded[0]}` : `phases ${folded.join(', ')}`;
    notes.push(`folded: ${which}, ${counted(count, 'value')}; --all shows every one`);
  }
  return notes.map((note) => (isPlain ? note : `  (${note})`));
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/**
 * The exchange of a round for people: phase by phase who said what to whom. Where that would be too long, phases are folded to a line for
 * each sender, or to one line, and the report says so.
 */
import { generalIndex } from '../../consensus/index.js';
import type { Round } from '../../orchestrator/index.js';
import { counted, wrapWords } from '../output/wrap.js';
import { type Statement, statementsOf, wordOf } from './statements.js';
import type { ReportView } from './view.js';

/** More lines than this are folded. */
export const messageLinesMax = 60;

/** The lines of all phases. The round must have its messages. */
export function messageLines(round: Round, view: ReportView): readonly string[] {
  const phases = Array.from({ length: round.cost.phaseCount }, (_, phase) => phaseForms(round, phase, view));
  const folds = view.isAll ? phases.map(() => 0) : chooseFolds(phases);
  const lines = phases.flatMap((forms, phase) => forms[folds[phase] ?? 0] ?? []);
  const folded = folds.flatMap((fold, phase) => (fold === 0 ? [] : [phase]));
  return [...lines, ...legend(round, lines, folded)];
}

/** A phase in full, then ever shorter. */
type PhaseForms = readonly (readonly string[])[];

function phaseForms(round: Round, phase: number, view: ReportView): PhaseForms {
  const statements = statementsOf(round, phase);
  const title =
    phase === 0 ? `phase 0 · the order` : `phase ${phase} · what each heard in phase ${phase - 1}`;
  const head = view.style.strong(title);
  const bySender = groupBy(statements, ({ from }) => from);
  return [
    [head, ...[...bySender.values()].flatMap((said) => senderLines(said, view))],
    [head, ...[...bySender].map(([from, said]) => `  ${from} → ${sumOf(said)}`)],
    [`${head}: ${sumOf(statements)}`],
  ];
}

/** Folds the longest phase first, a step at a time, until all fit or nothing is left to fold. */
function chooseFolds(phases: readonly PhaseForms[]): readonly number[] {
  const folds = phases.map(() => 0);
  const lengthOf = (phase: number) => phases[phase]?.[folds[phase] ?? 0]?.length ?? 0;
  for (;;) {
    const lengths = folds.map((_, phase) => lengthOf(phase));
    const longest = lengths.indexOf(Math.max(...lengths));
    const isLast = (folds[longest] ?? 0) + 1 >= (phases[longest]?.length ?? 0);
    if (lengths.reduce((sum, length) => sum + length, 0) <= messageLinesMax || isLast) return folds;
    folds[longest] = (folds[longest] ?? 0) + 1;
  }
}

/** One line for each sender where it owes one value to each recipient, else one for each pair; wrapped. */
function senderLines(said: readonly Statement[], view: ReportView): readonly string[] {
  const byRecipient = [...groupBy(said, ({ to }) => to).values()];
  const isSingle = byRecipient.every((values) => values.length === 1);
  if (isSingle)
    return pairLine(said, (value) => `${value.to} ${wordOf(value)}`, `  ${said[0]?.from} → `, view);
  return byRecipient.flatMap((values) => {
    const { from, to } = values[0] ?? {};
    return pairLine(values, (value) => `${shortPath(value)} ${wordOf(value)}`, `  ${from} → ${to}: `, view);
  });
}

function pairLine(
  values: readonly Statement[],
  show: (value: Statement) => string,
  start: string,
  { columns, isPlain, style }: ReportView,
): readonly string[] {
  if (isPlain) return values.map((value) => `${start}${show(value)}${value.isFalse ? ' (false)' : ''}`);
  const widest = Math.max(...values.map((value) => show(value).length));
  const words = values.map((value) => `${show(value).padEnd(widest)}  `);
  const isFalse = values.some((value) => value.isFalse);
  const lines = wrapWords(start, [...words, ...(isFalse ? ['false'] : [])], columns);
  return isFalse ? lines.map((line) => style.bad(line)) : lines;
}

/** `0.2`: by way of general-0 and general-2. */
function shortPath({ via }: Statement): string {
  return via.map((general) => generalIndex(general) ?? general).join('.');
}

function sumOf(values: readonly Statement[]): string {
  const count = (vote: Statement['vote']) => values.filter((value) => value.vote === vote).length;
  const parts = [
    [count('Attack'), 'Attack'],
    [count('Retreat'), 'Retreat'],
    [count(undefined), 'nothing'],
  ] as const;
  const shown = parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number.toLocaleString('en-US')} ${word}`);
  const falseCount = values.filter(({ isFalse }) => isFalse).length;
  const falsehood = falseCount === 0 ? '' : `, ${falseCount.toLocaleString('en-US')} of them false!`;
  return `${counted(values.length, 'value')}: ${shown.join(', ')}${falsehood}`;
}

function legend(round: Round, lines: readonly string[], folded: readonly number[]): readonly string[] {
  const notes: string[] = [];
  if (lines.some((line) => /\d\.\d/.test(line))) {
    notes.push('0.2 Attack: "general-2 told me that general-0 said Attack"');
  }
  if (lines.some((line) => line.includes('!'))) {
    notes.push('!  false: a loyal general in its place would have said something else');
  }
  if (folded.length > 0) {
    const count = folded.reduce((sum, phase) => sum + statementsOf(round, phase).length, 0);
    const which = folded.length === 1 ? `phase ${folded[0]}` : `phases ${folded.join(', ')}`;
    notes.push(`folded: ${which}, ${counted(count, 'value')}; --all shows every one`);
  }
  return notes.map((note) => `  (${note})`);
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

/**
 * The verdict of a round: three lines, and one word.
 */
import type { Judgement, JudgementStatus, Verdict } from '../../consensus/index.js';
import { summary } from '../../consensus/index.js';
import { wrapText } from '../output/wrap.js';
import type { ReportView } from './view.js';

/** The lines of Agreement, Validity and Termination; without a verdict all three are unknown. */
export function verdictLines(verdict: Verdict | undefined, view: ReportView): readonly string[] {
  return [
    ...judgementLines('Agreement', verdict?.agreement, view),
    ...judgementLines('Validity', verdict?.validity, view),
    ...judgementLines('Termination', verdict?.termination, view),
  ];
}

/** The last line of a report. */
export function conclusion(verdict: Verdict | undefined, { style }: Pick<ReportView, 'style'>): string {
  switch (verdict === undefined ? 'unknown' : summary(verdict)) {
    case 'held':
      return style.good('PASS');
    case 'violated':
      return style.bad('VIOLATED');
    case 'outside':
      return style.caution('OUTSIDE BOUND');
    case 'unknown':
      return style.caution('UNKNOWN');
  }
}

/** One of the three properties was broken, promised or not. */
export function isViolated({ agreement, validity, termination }: Verdict): boolean {
  return [agreement, validity, termination].some(({ status }) => status === 'violated');
}

function judgementLines(name: string, judgement: Judgement | undefined, view: ReportView): readonly string[] {
  const status = judgement?.status ?? 'unknown';
  const because = judgement?.because ?? 'the round has no verdict';
  const words = statusWords[status];
  if (view.isPlain) return [`${name}: ${words}. ${because}`];
  const start = `${name.padEnd(12)} ${words.padEnd(14)}`;
  return wrapText(start, because, view.columns).map((line, i) =>
    i === 0 ? line.replace(words, painted(status, view)) : line,
  );
}

function painted(status: JudgementStatus, { style }: ReportView): string {
  if (status === 'holds') return style.good(statusWords.holds);
  return status === 'violated' ? style.bad(statusWords.violated) : style.caution(statusWords[status]);
}

const statusWords: Readonly<Record<JudgementStatus, string>> = {
  holds: 'holds',
  violated: 'violated',
  not_promised: 'not promised',
  unknown: 'unknown',
};

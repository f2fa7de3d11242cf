/**
 * What a round came to, in words.
 */
import type { Judgement, Verdict } from '../consensus/index.js';
import { summary } from '../consensus/index.js';
import type { Trace } from './trace.js';
import { endOf } from './trace.js';
import { counted, protocolTitle } from './words.js';

/** `OM(1), 4 generals, 1 traitor, seed 7`. */
export function roundTitle({ started }: Trace): string {
  const { setting, traitors, seed } = started;
  return `${protocolTitle(started)}, ${counted(setting.generals.length, 'general')}, ${counted(traitors.length, 'traitor')}, seed ${seed}`;
}

/** One sentence, no full stop. */
export function outcomeSentence(trace: Trace): string {
  const ended = endOf(trace);
  if (ended === undefined) return 'The record ends before the round was over';
  if (ended.status === 'cancelled') return `The round was cancelled: ${ended.cancelledBecause ?? ''}`;
  if (ended.verdict === undefined) return 'The round has no verdict';
  const { verdict } = ended;
  const properties = propertiesOf(verdict).map(({ name, judgement }) => `${name} ${statusWord(judgement)}`);
  const words = properties.join(', ');
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}; ${verdict.agreement.because}`;
}

/** PASS, VIOLATED, OUTSIDE BOUND or UNKNOWN. */
export function outcomeWord(verdict: Verdict | undefined): string {
  if (verdict === undefined) return 'UNKNOWN';
  const words = { held: 'PASS', violated: 'VIOLATED', outside: 'OUTSIDE BOUND', unknown: 'UNKNOWN' } as const;
  return words[summary(verdict)];
}

export function propertiesOf(verdict: Verdict): readonly { name: string; judgement: Judgement }[] {
  const { agreement, validity, termination } = verdict;
  return [
    { name: 'agreement', judgement: agreement },
    { name: 'validity', judgement: validity },
    { name: 'termination', judgement: termination },
  ];
}

export function statusWord({ status }: Judgement): string {
  return status === 'not_promised' ? 'held by luck, not promised' : status;
}

/**
 * A recorded round at one of its events, for people: what happened, and where each general stands.
 */
import type { GeneralId } from '../../consensus/index.js';
import { everyone, protocolOf } from '../../consensus/index.js';
import type { Moment, Replay, Trace } from '../../record/index.js';
import { eventSentence } from '../../record/index.js';
import type { Style } from '../output/style.js';
import { alignedTable } from '../output/table.js';
import { wrapText } from '../output/wrap.js';

export interface MomentView {
  readonly index: number;
  readonly moment: Moment;
  readonly replay: Replay;
  /** What the replay says of the whole; shown at the last step. */
  readonly proof: readonly string[];
  readonly columns: number;
}

/** One line for one event; a mismatch stands below it. */
export function stepLine(trace: Trace, index: number, { mismatches }: Replay): string {
  const event = trace.events[index];
  if (event === undefined) return '';
  const time = `${sinceStart(trace, event.at)} ms`.padStart(9);
  const line = `${String(index + 1).padStart(4)}${time}  ${eventSentence(event)}`;
  const wrong = mismatches.find((mismatch) => mismatch.index === index);
  return wrong === undefined ? line : `${line}\n${' '.repeat(15)}MISMATCH: ${wrong.because}`;
}

/** The screen of one step. */
export function momentLines(trace: Trace, view: MomentView, style: Style): readonly string[] {
  const { index, moment, replay, proof, columns } = view;
  const { events, started } = trace;
  const event = events[index];
  if (event === undefined) return [];
  const wrong = replay.mismatches.find((mismatch) => mismatch.index === index);
  return [
    style.strong(
      `step ${index + 1} of ${events.length}  ·  ${sinceStart(trace, event.at)} ms  ·  revision ${event.revision}`,
    ),
    '',
    ...wrapText('', eventSentence(event), columns),
    ...(wrong === undefined ? [] : wrapText('', style.bad(`MISMATCH: ${wrong.because}`), columns)),
    '',
    alignedTable({
      head: ['general', 'role', 'phase', 'heard', 'decision'],
      rows: started.setting.generals.map((general) => row(trace, { general, moment, index })),
    }),
    '',
    ...(index === events.length - 1 ? [...proof, ''] : []),
    style.faint('→ next  ← back  ↓ ↑ by phase  Home End  q leaves'),
  ];
}

function row(
  { started, events }: Trace,
  { general, moment, index }: { general: GeneralId; moment: Moment; index: number },
): readonly string[] {
  const { setting, traitors } = started;
  const own = moment.get(general);
  const phaseCount = protocolOf(setting).phaseCount(setting);
  const isTraitor = traitors.some((spec) => spec.general === general);
  const roles = [general === setting.commander ? 'commander' : '', isTraitor ? 'TRAITOR' : ''];
  const said = events
    .slice(0, index + 1)
    .find((event) => event.kind === 'decision' && event.general === general);
  const decision =
    said?.kind === 'decision'
      ? said.vote
      : own?.decision === undefined
        ? ''
        : `${own.decision}, not written yet`;
  const phase = own === undefined ? '' : own.phase >= phaseCount ? 'over' : String(own.phase);
  return [
    general,
    roles.filter((role) => role !== '').join(' ') || 'loyal',
    phase,
    heard(events, general, index),
    isTraitor ? '(ignored)' : decision,
  ];
}

/** The values that have come, counted where they are many. */
function heard(events: Trace['events'], general: GeneralId, index: number): string {
  const values = events.slice(0, index + 1).flatMap((event) => {
    if (event.kind !== 'message' || !event.message.counts) return [];
    const { from, to, entries } = event.message;
    return to === general || (to === everyone && from !== general) ? entries : [];
  });
  const words = values.map(({ vote, isFalse }) => `${vote[0] ?? ''}${isFalse ? '!' : ''}`);
  if (words.length <= wordsMax) return words.join(' ');
  const attackCount = words.filter((word) => word.startsWith('A')).length;
  return `${words.length}: ${attackCount} A, ${words.length - attackCount} R`;
}

const wordsMax = 10;

function sinceStart({ started }: Trace, at: string): number {
  return Date.parse(at) - Date.parse(started.at);
}

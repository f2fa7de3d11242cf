/**
 * What happened, in sentences. The same words in the terminal, in a diagram's tooltips and for screen readers.
 */
import type { Path, Vote } from '../consensus/index.js';
import { everyone, protocolNamed } from '../consensus/index.js';
import type { Started, TraceEntry, TraceEvent, TraceMessage, TraceRefusal } from './trace.js';

/** One line, no full stop. */
export function eventSentence(event: TraceEvent): string {
  switch (event.kind) {
    case 'started': {
      const { setting, order } = event;
      return `round ${event.round} starts: ${protocolTitle(event)}, ${counted(setting.generals.length, 'general')}, the order is ${order}`;
    }
    case 'key':
      return `${event.general} makes its key known${event.epoch === 1 ? '' : `, of epoch ${event.epoch}`}`;
    case 'message':
      return messageSentence(event.message);
    case 'closed':
      return `phase ${event.phase} is closed: what has not come counts as absent`;
    case 'decision':
      return `${event.general} decides ${event.vote}`;
    case 'moved':
      return `${event.seat.general} goes on at ${event.seat.node}, in epoch ${event.seat.epoch}`;
    case 'report':
      return `${event.metrics.general} reports ${event.metrics.coordinationMs.toFixed(2)} ms of coordination and ${event.metrics.computeMs.toFixed(2)} ms of computing`;
    case 'ended':
      return event.status === 'finished'
        ? 'the round is over'
        : `the round is cancelled: ${event.cancelledBecause ?? ''}`;
  }
}

/** What each caller tried and the space did not let it, such as `general-2: sender 1, slot 1`; by caller. */
export function refusalWords(refusals: readonly TraceRefusal[]): readonly string[] {
  const callers = [...new Set(refusals.map(({ callerId }) => callerId))].sort();
  return callers.map((caller) => {
    const own = refusals.filter(({ callerId }) => callerId === caller);
    return `${caller}: ${own.map(({ rule, count }) => `${rule} ${count}`).join(', ')}`;
  });
}

/** Such as `general-2 tells general-1 that general-0 said Retreat (false)`. */
export function messageSentence(message: TraceMessage): string {
  const { entries, counts } = message;
  const [first] = entries;
  const tail = counts ? '' : '; it does not count';
  if (first === undefined) return `${told(message)} nothing${tail}`;
  if (entries.length > 1) return `${told(message)} ${summaryOf(entries)}${tail}`;
  const truth = first.isFalse ? ' (false)' : '';
  return `${told(message)} ${saidBy(first.path)}${first.vote}${truth}${tail}`;
}

/** How the sentence about a message begins. */
export function told({ from, to }: Pick<TraceMessage, 'from' | 'to'>): string {
  return `${from} tells ${to === everyone ? 'everyone' : to}`;
}

/** `12 values: 8 Attack, 4 Retreat, 2 of them false`. */
export function summaryOf(entries: readonly TraceEntry[]): string {
  const falseCount = entries.filter(({ isFalse }) => isFalse).length;
  const parts = votesOf(entries).map(({ vote, count }) => `${count.toLocaleString('en-US')} ${vote}`);
  const falsehood = falseCount === 0 ? '' : `, ${falseCount.toLocaleString('en-US')} of them false`;
  return `${counted(entries.length, 'value')}: ${parts.join(', ')}${falsehood}`;
}

/** How often each vote is said, those that are never said left out. */
export function votesOf(
  entries: readonly { readonly vote: Vote }[],
): readonly { vote: Vote; count: number }[] {
  return (['Attack', 'Retreat'] as const)
    .map((vote) => ({ vote, count: entries.filter((entry) => entry.vote === vote).length }))
    .filter(({ count }) => count > 0);
}

/** `general-0 through general-2`: who said it first, and through whom it came. */
export function pathWords([first = '', ...relays]: Path): string {
  return relays.length === 0 ? first : `${first} through ${relays.join(', ')}`;
}

/** `OM(1)`, `OM(1) as a council`, `SM(2) signed`. */
export function protocolTitle({ setting }: Pick<Started, 'setting'>): string {
  const name = `${protocolNamed(setting.protocol)?.title ?? setting.protocol}(${setting.traitorsMax})`;
  const mode = { mailbox: '', signed: ' signed', board: ' on a board' }[setting.mode];
  return `${name}${mode}${setting.isCouncil ? ' as a council' : ''}`;
}

/** A granularity ratio: two decimals, or the first digit that is not zero. */
export function ratioWords(ratio: number): string {
  return ratio > 0 && ratio < 0.01 ? String(Number(ratio.toPrecision(1))) : ratio.toFixed(2);
}

/** `1 traitor`, `1,000 messages`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** What a value claims of others: nothing where the sender speaks for itself. */
function saidBy(path: Path): string {
  return path.length < 2 ? '' : `that ${pathWords(path.slice(0, -1))} said `;
}

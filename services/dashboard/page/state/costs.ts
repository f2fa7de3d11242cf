/**
 * What a round cost, beside what it should cost. Pure.
 */
import { protocolOf, slotKey } from '../../../consensus/index.js';
import { messagesOf, type Trace } from '../../../record/index.js';
import type { RoundFacts } from '../../wire.js';

/** One phase of a round, as its record shows it. */
export interface PhaseCost {
  readonly phase: number;
  /** Values that count, and those that the protocol sends when everybody speaks; undefined where that depends on what is said. */
  readonly sentCount: number;
  readonly owedCount: number | undefined;
  /** From the last event of the phase before to the last one of this, by the store's clock. */
  readonly wallMs: number;
  /** All had spoken; or not, and it was closed all the same; or neither, as far as the record goes. */
  readonly ended: 'full' | 'by-close' | 'open';
}

/** O(events, and slots of the round). */
export function phaseCosts(trace: Trace): readonly PhaseCost[] {
  const { setting, at } = trace.started;
  const protocol = protocolOf(setting);
  const messages = messagesOf(trace).map(({ event }) => event);
  let before = Date.parse(at);
  return Array.from({ length: protocol.phaseCount(setting) }, (_, phase): PhaseCost => {
    const own = messages.filter(({ message }) => message.phase === phase && message.counts);
    const spoken = new Set(own.map(({ message }) => slotKey(message)));
    const isFull = protocol.slots(setting, phase).every((slot) => spoken.has(slotKey(slot)));
    // Who has heard all goes on; the close of a phase that is full is waited for by nobody.
    const close = isFull
      ? undefined
      : trace.events.find((event) => event.kind === 'closed' && event.phase === phase);
    const last = Math.max(before, ...own.map((event) => Date.parse(event.at)), Date.parse(close?.at ?? at));
    const wallMs = last - before;
    before = last;
    return {
      phase,
      sentCount: own.reduce((sum, { message }) => sum + message.entries.length, 0),
      owedCount: owedIn(trace, phase),
      wallMs,
      ended: isFull ? 'full' : close === undefined ? 'open' : 'by-close',
    };
  });
}

/** Oral messages that are relayed say one value for each path that they owe; elsewhere the count is up to what was heard. */
function owedIn({ started: { setting } }: Trace, phase: number): number | undefined {
  const protocol = protocolOf(setting);
  const slots = protocol.slots(setting, phase);
  // Every recipient of a phase is owed as much as any other, which spares counting paths for each.
  const first = slots[0];
  if (first === undefined || setting.mode === 'signed') return undefined;
  return slots.length * protocol.paths(setting, first).length;
}

/** What the trend shows of a round that has ended. */
export interface Point {
  readonly number: number;
  readonly coordinationMs: number;
  readonly computeMs: number;
}

/** Of the last rounds with the same numbers as the newest, the oldest first. */
export function trendOf(
  rounds: readonly RoundFacts[],
  { setting }: Pick<RoundFacts, 'setting'>,
): readonly Point[] {
  return rounds
    .filter((round) => isAlike(round.setting, setting))
    .flatMap(({ number, metrics }) =>
      metrics === undefined
        ? []
        : [{ number, coordinationMs: metrics.coordinationMs, computeMs: metrics.computeMs }],
    )
    .toReversed();
}

function isAlike(one: RoundFacts['setting'], other: RoundFacts['setting']): boolean {
  return (
    one.protocol === other.protocol &&
    one.mode === other.mode &&
    one.isCouncil === other.isCouncil &&
    one.generals.length === other.generals.length &&
    one.traitorsMax === other.traitorsMax
  );
}

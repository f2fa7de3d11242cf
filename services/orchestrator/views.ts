/**
 * A round as clients see it, made from its record.
 */
import { protocolOf } from '../consensus/index.js';
import type { RefusalCount } from '../tuplespace/index.js';
import type { Round } from './orchestrator.js';
import { conclude, loyalDecisions } from './outcome.js';
import { decodeOutcome } from './outcome-text.js';
import type { RoundRecord } from './record.js';
import { recordedMessages } from './shown-messages.js';

/** The record must have its votes unless the round has its verdict and no messages are wanted. */
export function toRound(
  record: RoundRecord,
  options: { space: string; refusals: readonly RefusalCount[]; withMessages?: boolean },
): Round {
  const { end } = record;
  const placed = placedRound(record, options.space);
  const messages = options.withMessages === true ? { messages: recordedMessages(record) } : {};
  const decisions = loyalDecisions(record);
  if (end?.end.kind === 'verdict') {
    const outcome = decodeOutcome(end.end.result);
    return { ...placed, status: 'finished', endedAtMs: end.atMs, decisions, ...outcome, ...messages };
  }
  const { messageCount, ignored, refusals } = conclude(record, options);
  const running: Round = { ...placed, decisions, messageCount, ignored, refusals, ...messages };
  if (end === undefined) return running;
  return { ...running, status: 'cancelled', endedAtMs: end.atMs, cancelledBecause: end.end.because };
}

/** What is known of a round from the start. */
type PlacedRecord = Pick<RoundRecord, 'round' | 'lab' | 'seats' | 'startedAtMs'>;

/** A round as it was placed, before anybody spoke. */
export function placedRound(record: PlacedRecord, space: string): Round {
  const { round, lab } = record;
  return {
    number: round.number,
    space,
    status: 'running',
    setting: round.setting,
    traitors: lab.traitors,
    order: lab.order,
    inputs: lab.inputs ?? new Map(),
    seed: lab.seed,
    phaseMs: round.phaseMs,
    cost: protocolOf(round.setting).cost(round.setting),
    seats: currentSeats(record),
    startedAtMs: record.startedAtMs,
    decisions: new Map(),
    messageCount: 0,
    ignored: [],
    refusals: [],
  };
}

/** Of each general the seat with the highest epoch. */
export function currentSeats({ seats, round }: Pick<RoundRecord, 'seats' | 'round'>): Round['seats'] {
  const latest = new Map<string, Round['seats'][number]>();
  for (const seat of seats) {
    if (seat.epoch > (latest.get(seat.general)?.epoch ?? 0)) latest.set(seat.general, seat);
  }
  return round.setting.generals.map((general) => latest.get(general)).filter((seat) => seat !== undefined);
}

/**
 * A round as clients see it, made from its record.
 */
import { protocolNamed } from '../consensus/index.js';
import type { Round } from './orchestrator.js';
import { conclude, loyalDecisions } from './outcome.js';
import { decodeOutcome } from './outcome-text.js';
import type { RoundRecord } from './record.js';

/** The record must have its votes unless the round has its verdict and no messages are wanted. */
export function toRound(
  record: RoundRecord,
  options: { space: string; conflictCount: number; withMessages?: boolean },
): Round {
  const { round, lab, end } = record;
  const { setting, number, phaseMs } = round;
  const base = {
    number,
    space: options.space,
    setting,
    traitors: lab.traitors,
    order: lab.order,
    seed: lab.seed,
    phaseMs,
    cost: protocolNamed(setting.protocol).cost(setting),
    seats: currentSeats(record),
    startedAtMs: record.startedAtMs,
    decisions: loyalDecisions(record),
    ...(end === undefined ? {} : { endedAtMs: end.atMs }),
  };
  const needsMessages = options.withMessages === true || end?.end.kind !== 'verdict';
  const fresh = needsMessages ? conclude(record, options) : undefined;
  const messages = options.withMessages === true && fresh !== undefined ? { messages: fresh.messages } : {};
  if (end?.end.kind === 'verdict') {
    return { ...base, status: 'finished', ...decodeOutcome(end.end.result), ...messages };
  }
  const counts = { messageCount: fresh?.messageCount ?? 0, ignored: fresh?.ignored ?? [] };
  if (end === undefined) return { ...base, status: 'running', ...counts, ...messages };
  return { ...base, status: 'cancelled', cancelledBecause: end.end.because, ...counts, ...messages };
}

/** Of each general the seat with the highest epoch. */
function currentSeats({ seats, round }: RoundRecord): Round['seats'] {
  const latest = new Map<string, Round['seats'][number]>();
  for (const seat of seats) {
    if (seat.epoch > (latest.get(seat.general)?.epoch ?? 0)) latest.set(seat.general, seat);
  }
  return round.setting.generals.map((general) => latest.get(general)).filter((seat) => seat !== undefined);
}

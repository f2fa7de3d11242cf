/**
 * A round between the domain and the wire. Decoding trusts the service's numbers, since only our own client decodes rounds.
 */
import type {
  GeneralMetrics__Output,
  GeneralMetrics as WireGeneralMetrics,
} from '../../proto/generated/byzantine/v1/GeneralMetrics.js';
import type { Judgement__Output } from '../../proto/generated/byzantine/v1/Judgement.js';
import type { Message__Output, Message as WireMessage } from '../../proto/generated/byzantine/v1/Message.js';
import type { Round__Output, Round as WireRound } from '../../proto/generated/byzantine/v1/Round.js';
import type { RoundMetrics__Output } from '../../proto/generated/byzantine/v1/RoundMetrics.js';
import type { Verdict__Output } from '../../proto/generated/byzantine/v1/Verdict.js';
import type { Vote__Output } from '../../proto/generated/byzantine/v1/Vote.js';
import type { Judgement, Setting, Verdict, Vote } from '../consensus/index.js';
import { findProtocol } from '../consensus/index.js';
import { ServiceError } from '../runtime/index.js';
import type {
  GeneralMetrics,
  IgnoredCount,
  RecordedMessage,
  Round,
  RoundMetrics,
  RoundStatus,
} from './orchestrator.js';
import { decodeTraitor, decodeVote, encodeTraitor, encodeVote } from './wire-traitor.js';

const wireStatuses = { running: 'RUNNING', finished: 'FINISHED', cancelled: 'CANCELLED' } as const;

export function encodeRound(round: Round): WireRound {
  const { setting, verdict, metrics } = round;
  return {
    number: round.number,
    space: round.space,
    status: wireStatuses[round.status],
    protocol: setting.protocol,
    mode: setting.mode,
    generals: [...setting.generals],
    commander: setting.commander,
    faultCount: setting.traitorsMax,
    traitors: round.traitors.map(encodeTraitor),
    order: encodeVote(round.order),
    council: setting.isCouncil,
    inputs: encodeInputs(round.inputs),
    seed: round.seed,
    phaseMs: round.phaseMs,
    seats: round.seats.map((seat) => ({ ...seat })),
    startedAtMs: round.startedAtMs,
    endedAtMs: round.endedAtMs ?? 0,
    decisions: [...round.decisions].map(([general, vote]) => ({ general, vote: encodeVote(vote) })),
    verdict: verdict === undefined ? null : encodeVerdict(verdict),
    metrics:
      metrics === undefined ? null : { ...metrics, generals: metrics.generals.map(encodeGeneralMetrics) },
    messageCount: round.messageCount,
    expectedMessageCount: round.cost.messageCount,
    phaseCount: round.cost.phaseCount,
    messages: (round.messages ?? []).map(encodeMessage),
    ignored: round.ignored.map((one) => ({ ...one })),
    refusals: round.refusals.map((one) => ({ ...one })),
    cancelledBecause: round.cancelledBecause ?? '',
  };
}

/** `withMessages` says whether they were asked for: an empty list and none at all look the same on the wire. */
export function decodeRound(
  wire: Round__Output,
  { withMessages = false }: { withMessages?: boolean } = {},
): Round {
  const setting: Setting = {
    protocol: wire.protocol as Setting['protocol'],
    mode: wire.mode as Setting['mode'],
    generals: wire.generals,
    commander: wire.commander,
    isCouncil: wire.council,
    traitorsMax: wire.faultCount,
  };
  const protocol = findProtocol(setting);
  if (protocol === undefined) {
    throw new ServiceError(
      'unimplemented',
      `the round runs protocol "${wire.protocol}" in mode "${wire.mode}", which this version does not know`,
    );
  }
  return {
    number: Number(wire.number),
    space: wire.space,
    status: decodeStatus(wire.status),
    setting,
    traitors: wire.traitors.map((traitor, i) => decodeTraitor(traitor, `traitors[${i}]`)),
    order: decodeVote(wire.order) ?? 'Attack',
    inputs: decodeInputs(wire.inputs),
    seed: wire.seed,
    phaseMs: Number(wire.phaseMs),
    cost: protocol.cost(setting),
    seats: wire.seats,
    startedAtMs: Number(wire.startedAtMs),
    decisions: new Map(wire.decisions.map(({ general, vote }) => [general, decodeVote(vote) ?? 'Retreat'])),
    messageCount: Number(wire.messageCount),
    ignored: wire.ignored.map(({ reason, count }) => ({
      reason: reason as IgnoredCount['reason'],
      count: Number(count),
    })),
    refusals: wire.refusals.map(({ count, ...refusal }) => ({ ...refusal, count: Number(count) })),
    ...(wire.endedAtMs === '0' ? {} : { endedAtMs: Number(wire.endedAtMs) }),
    ...(wire.verdict === null ? {} : { verdict: decodeVerdict(wire.verdict) }),
    ...(wire.metrics === null ? {} : { metrics: decodeMetrics(wire.metrics) }),
    ...(withMessages ? { messages: wire.messages.map(decodeMessage) } : {}),
    ...(wire.cancelledBecause === '' ? {} : { cancelledBecause: wire.cancelledBecause }),
  };
}

export function encodeInputs(inputs: ReadonlyMap<string, Vote>) {
  return [...inputs].map(([general, vote]) => ({ general, vote: encodeVote(vote) }));
}

/** A vote that is not specified is Retreat, the default of all that is missing. */
export function decodeInputs(
  wire: readonly { readonly general: string; readonly vote: Vote__Output }[],
): ReadonlyMap<string, Vote> {
  return new Map(wire.map(({ general, vote }) => [general, decodeVote(vote) ?? 'Retreat']));
}

export function encodeMessage({ phase, from, to, entries, counts }: RecordedMessage): WireMessage {
  return {
    phase,
    from,
    to,
    counts,
    entries: entries.map(({ path, vote, isFalse, signatures = [] }) => ({
      path: [...path],
      vote: encodeVote(vote),
      isFalse,
      signatures: signatures.map((one) => Buffer.from(one)),
    })),
  };
}

export function decodeMessage({ phase, from, to, entries, counts }: Message__Output): RecordedMessage {
  return {
    phase,
    from,
    to,
    counts,
    entries: entries.map(({ path, vote, isFalse, signatures }) => ({
      path,
      vote: decodeVote(vote) ?? 'Retreat',
      isFalse,
      ...(signatures.length === 0 ? {} : { signatures: signatures.map((one) => new Uint8Array(one)) }),
    })),
  };
}

export function encodeGeneralMetrics(metrics: GeneralMetrics): WireGeneralMetrics {
  return { ...metrics, phases: metrics.phases.map((phase) => ({ ...phase })) };
}

export function decodeGeneralMetrics(wire: GeneralMetrics__Output): GeneralMetrics {
  return { ...wire, sentCount: Number(wire.sentCount), receivedCount: Number(wire.receivedCount) };
}

function encodeVerdict({ isWithin, bound, faultCount, lost, agreement, validity, termination }: Verdict) {
  return {
    isWithin,
    rule: bound.rule,
    numbers: bound.numbers,
    boundHolds: bound.isWithin,
    faultCount,
    lost: [...lost],
    agreement: encodeJudgement(agreement),
    validity: encodeJudgement(validity),
    termination: encodeJudgement(termination),
  };
}

function decodeVerdict(wire: Verdict__Output): Verdict {
  const { rule, numbers, isWithin } = wire;
  return {
    isWithin,
    bound: { rule, numbers, isWithin: wire.boundHolds },
    faultCount: wire.faultCount,
    lost: wire.lost,
    agreement: decodeJudgement(wire.agreement),
    validity: decodeJudgement(wire.validity),
    termination: decodeJudgement(wire.termination),
  };
}

function encodeJudgement({ status, because, witness }: Judgement) {
  return { status, because, witness: [...witness] };
}

function decodeJudgement(wire: Judgement__Output | null): Judgement {
  const { status = 'unknown', because = '', witness = [] } = wire ?? {};
  return { status: status as Judgement['status'], because, witness };
}

function decodeMetrics({ generals, ...rest }: RoundMetrics__Output): RoundMetrics {
  return { ...rest, generals: generals.map(decodeGeneralMetrics) };
}

function decodeStatus(status: Round__Output['status']): RoundStatus {
  switch (status) {
    case 'FINISHED':
      return 'finished';
    case 'CANCELLED':
      return 'cancelled';
    default:
      return 'running';
  }
}

/**
 * A round's events as its record, and a record as a round again.
 */
import { protocolOf } from '../consensus/index.js';
import type { Trace, TraceEvent, TraceMessage, TraceMetrics } from '../record/index.js';
import { endOf, fromHex, messagesOf, toHex, traceSchema } from '../record/index.js';
import type { IgnoredCount, RecordedMessage, Round, RoundEvent, RoundMetrics } from './orchestrator.js';

/** The event as it stands in a record. */
export function traceEvent(number: number, event: RoundEvent): TraceEvent {
  const { incarnation, revision } = event.cursor;
  const at = new Date(event.atMs).toISOString();
  const place = {
    schema: traceSchema,
    round: number,
    incarnation,
    revision: revision.toString(),
    at,
  } as const;
  switch (event.kind) {
    case 'started': {
      const { space, setting, order, inputs, traitors, seed, phaseMs, seats } = event.round;
      const given = inputs.size === 0 ? {} : { inputs: Object.fromEntries(inputs) };
      return { ...place, kind: 'started', space, setting, order, ...given, traitors, seed, phaseMs, seats };
    }
    case 'key': {
      const { general, epoch, publicKey } = event;
      return { ...place, kind: 'key', general, epoch, publicKey: toHex(publicKey) };
    }
    case 'message':
      return { ...place, kind: 'message', message: traceMessage(event.message) };
    case 'closed':
      return { ...place, kind: 'closed', phase: event.phase };
    case 'decision':
      return { ...place, kind: 'decision', general: event.general, vote: event.vote };
    case 'moved':
      return { ...place, kind: 'moved', seat: event.seat };
    case 'report':
      return { ...place, kind: 'report', metrics: event.metrics };
    case 'ended': {
      const { status, cancelledBecause, verdict, messageCount, ignored, refusals, metrics } = event.round;
      return {
        ...place,
        kind: 'ended',
        status: status === 'cancelled' ? 'cancelled' : 'finished',
        ...(cancelledBecause === undefined ? {} : { cancelledBecause }),
        ...(verdict === undefined ? {} : { verdict }),
        messageCount,
        ignored,
        ...(refusals.length === 0 ? {} : { refusals }),
        ...(metrics === undefined ? {} : { metrics }),
      };
    }
  }
}

/** The round that a record is of, with its messages. */
export function roundOfTrace(trace: Trace): Round {
  const { started, events } = trace;
  const { round: number, space, setting, order, inputs, traitors, seed, phaseMs, seats, at } = started;
  const ended = endOf(trace);
  const moved = new Map(
    events.flatMap((event) => (event.kind === 'moved' ? [[event.seat.general, event.seat]] : [])),
  );
  const messages = messagesOf(trace).map(({ event }) => recordedMessage(event.message));
  const counting = messages.filter(({ counts }) => counts);
  return {
    number,
    space,
    status: ended?.status ?? 'running',
    setting,
    traitors,
    order,
    inputs: new Map(Object.entries(inputs ?? {})),
    seed,
    phaseMs,
    cost: protocolOf(setting).cost(setting),
    seats: seats.map((seat) => moved.get(seat.general) ?? seat),
    startedAtMs: Date.parse(at),
    decisions: decisionsOf(trace),
    messages,
    messageCount: ended?.messageCount ?? counting.reduce((sum, { entries }) => sum + entries.length, 0),
    ignored: (ended?.ignored ?? []) as readonly IgnoredCount[],
    refusals: ended?.refusals ?? [],
    ...(ended === undefined ? {} : { endedAtMs: Date.parse(events.at(-1)?.at ?? at) }),
    ...(ended?.verdict === undefined ? {} : { verdict: ended.verdict }),
    ...(ended?.metrics === undefined ? {} : { metrics: roundMetrics(ended.metrics) }),
    ...(ended?.cancelledBecause === undefined ? {} : { cancelledBecause: ended.cancelledBecause }),
  };
}

/** Older records do not say what was spent in each phase. */
function roundMetrics(metrics: TraceMetrics): RoundMetrics {
  return { ...metrics, generals: metrics.generals.map((one) => ({ ...one, phases: one.phases ?? [] })) };
}

/** A message as it stands in a record. */
export function traceMessage({ entries, ...message }: RecordedMessage): TraceMessage {
  return {
    ...message,
    entries: entries.map(({ signatures, ...entry }) =>
      signatures === undefined ? entry : { ...entry, signatures: signatures.map(toHex) },
    ),
  };
}

function recordedMessage({ entries, ...message }: TraceMessage): RecordedMessage {
  return {
    ...message,
    entries: entries.map(({ signatures, ...entry }) =>
      signatures === undefined ? entry : { ...entry, signatures: signatures.map(fromHex) },
    ),
  };
}

/** Of loyal generals, before the last close. */
function decisionsOf({ started, events }: Trace): Round['decisions'] {
  const { setting, traitors } = started;
  const last = protocolOf(setting).phaseCount(setting);
  const close = events.findIndex((event) => event.kind === 'closed' && event.phase === last);
  const inTime = close < 0 ? events : events.slice(0, close);
  const said = new Map(
    inTime.flatMap((event) => (event.kind === 'decision' ? [[event.general, event.vote]] : [])),
  );
  const loyal = setting.generals.filter((general) => !traitors.some((spec) => spec.general === general));
  return new Map(
    loyal.flatMap((general) => {
      const vote = said.get(general);
      return vote === undefined ? [] : [[general, vote]];
    }),
  );
}

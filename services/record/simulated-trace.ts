/**
 * A round of the core as a space would have recorded it: for what is to be shown without services, such as a lesson, or a round that
 * went another way than the recorded one. Everybody speaks in time, phase after phase; a phase in which somebody said nothing is closed.
 */
import type { Message, Path, RoundPlan, Setting, SimulatedRound, Slot, Vote } from '../consensus/index.js';
import { protocolOf, simulateRound, slotKey } from '../consensus/index.js';
import type { Trace, TraceEvent, TraceMessage, TraceSeat } from './trace.js';
import { traceOf, traceSchema } from './trace.js';

/** What a record tells beside what the core computes. */
export interface Staging {
  /** Number of the round; default 1. */
  readonly round?: number;
  /** Default: a node for each general. */
  readonly seats?: readonly TraceSeat[];
  readonly phaseMs?: number;
  /** When it starts, in ms since 1970; each event is a millisecond after the one before. */
  readonly startMs?: number;
}

/** The record of the round that the plan makes. Costs what the protocol costs. */
export function simulatedTrace(plan: RoundPlan, staging: Staging = {}): Trace {
  const { setting, order, inputs, traitors, seed } = plan;
  const { round = 1, phaseMs = 1000, startMs = Date.UTC(2026, 0, 1) } = staging;
  const seats =
    staging.seats ?? setting.generals.map((general, i) => ({ general, node: `node-${i + 1}`, epoch: 1 }));
  const simulated = simulateRound(plan);
  const writer = new Writer(round, startMs);
  const given = inputs === undefined || inputs.size === 0 ? {} : { inputs: Object.fromEntries(inputs) };
  writer.add({
    kind: 'started',
    space: `round-${round}`,
    setting,
    order,
    ...given,
    traitors,
    seed,
    phaseMs,
    seats,
  });
  const protocol = protocolOf(setting);
  const phaseCount = protocol.phaseCount(setting);
  const loyal = loyalVotes(simulated);
  for (let phase = 0; phase < phaseCount; phase += 1) {
    const said = simulated.messages.filter((one) => one.phase === phase);
    for (const message of said)
      writer.add({ kind: 'message', message: traceMessage(message, setting, loyal) });
    if (said.length < protocol.slots(setting, phase).length) writer.add({ kind: 'closed', phase });
  }
  for (const [general, vote] of simulated.decisions) writer.add({ kind: 'decision', general, vote });
  writer.add({ kind: 'closed', phase: phaseCount });
  const messageCount = simulated.messages.reduce((sum, { entries }) => sum + entries.length, 0);
  const { verdict } = simulated;
  writer.add({ kind: 'ended', status: 'finished', verdict, messageCount, ignored: [] });
  return traceOf(writer.events) as Trace;
}

/** The message with its lies marked: what a loyal general in the sender's place would not have said. */
function traceMessage(
  message: Message,
  setting: Setting,
  loyal: ReadonlyMap<string, Vote | undefined>,
): TraceMessage {
  const { phase, from, to } = message;
  const said = protocolOf(setting)
    .places(setting, message)
    .flatMap(({ path: place, entries }) => {
      const key = placeKey(message, place);
      return entries.map(({ path, vote }) => ({
        path,
        vote,
        isFalse: loyal.has(key) && loyal.get(key) !== vote,
      }));
    });
  return { phase, from, to, entries: said, counts: true };
}

/** What a loyal general would have said at each place where a traitor said something else. */
function loyalVotes({ lies }: SimulatedRound): ReadonlyMap<string, Vote | undefined> {
  return new Map(lies.map(({ place }) => [placeKey(place, place.path), place.loyalVote]));
}

function placeKey(slot: Slot, path: Path): string {
  return `${slotKey(slot)} ${path.join(' ')}`;
}

/** An event without its place. */
type Content<Event = TraceEvent> = Event extends TraceEvent
  ? Omit<Event, 'schema' | 'round' | 'incarnation' | 'revision' | 'at'>
  : never;

/** Gives each event a revision, and a millisecond, of its own. */
class Writer {
  readonly events: TraceEvent[] = [];
  readonly #round: number;
  readonly #startMs: number;

  constructor(round: number, startMs: number) {
    this.#round = round;
    this.#startMs = startMs;
  }

  add(content: Content): void {
    const place = this.events.length;
    this.events.push({
      schema: traceSchema,
      round: this.#round,
      incarnation: 'simulated',
      revision: String(place + 1),
      at: new Date(this.#startMs + place).toISOString(),
      ...content,
    } as TraceEvent);
  }
}

/**
 * A round of the core as a space would have recorded it: for what is to be shown without services, such as a lesson, or a round that
 * went another way than the recorded one. Everybody speaks in time, phase after phase; a phase in which somebody said nothing is closed.
 * Signatures are those of `idealSigning(general, 'simulated')`.
 */
import type {
  Message,
  Path,
  RoundPlan,
  Setting,
  SimulatedRound,
  Slot,
  TraitorSpec,
  Vote,
} from '../consensus/index.js';
import { judge, lostGenerals, protocolOf, simulateRound, slotKey } from '../consensus/index.js';
import { toHex } from './signatures.js';
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
  /**
   * Loyal generals whose node died, or that were not heard: what they leave out, as if it were treason. To all others it looks the
   * same; the verdict counts them as lost.
   */
  readonly lost?: readonly TraitorSpec[];
}

/** The record of the round that the plan makes. Costs what the protocol costs. */
export function simulatedTrace(plan: RoundPlan, staging: Staging = {}): Trace {
  const { setting, order, inputs, traitors, seed } = plan;
  const { round = 1, phaseMs = 1000, startMs = Date.UTC(2026, 0, 1) } = staging;
  const seats =
    staging.seats ?? setting.generals.map((general, i) => ({ general, node: `node-${i + 1}`, epoch: 1 }));
  const lost = staging.lost ?? [];
  const simulated = simulateRound({ ...plan, traitors: [...traitors, ...lost] });
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
  for (const [general, vote] of simulated.decisions) {
    const isLost = lost.some((spec) => spec.general === general);
    if (!isLost) writer.add({ kind: 'decision', general, vote });
  }
  writer.add({ kind: 'closed', phase: phaseCount });
  const messageCount = simulated.messages.reduce((sum, { entries }) => sum + entries.length, 0);
  const verdict = lost.length === 0 ? simulated.verdict : verdictOf(plan, simulated);
  writer.add({ kind: 'ended', status: 'finished', verdict, messageCount, ignored: [] });
  return traceOf(writer.events) as Trace;
}

/** Of the round as it was planned: who fell silent is lost, and no traitor. */
function verdictOf(
  { setting, order, inputs, traitors: specs }: RoundPlan,
  { messages, decisions }: SimulatedRound,
) {
  const traitors = specs.map(({ general }) => general);
  const loyal = new Map([...decisions].filter(([general]) => !traitors.includes(general)));
  const decided = [...loyal.keys()];
  const lost = lostGenerals({ setting, traitors, filled: messages, decided });
  const given = inputs === undefined ? {} : { inputs };
  const lostIds = lost.map(({ general }) => general);
  const inTime = new Map([...loyal].filter(([general]) => !lostIds.includes(general)));
  return judge({ setting, order, ...given, traitors, lost, decisions: inTime, isOver: true });
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
      return entries.map(({ path, vote, signatures }) => ({
        path,
        vote,
        isFalse: loyal.has(key) && loyal.get(key) !== vote,
        ...(signatures === undefined ? {} : { signatures: signatures.map(toHex) }),
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

/** Gives each step a revision, and each event a millisecond, of its own. */
class Writer {
  readonly events: TraceEvent[] = [];
  readonly #round: number;
  readonly #startMs: number;
  #revision = 0;

  constructor(round: number, startMs: number) {
    this.#round = round;
    this.#startMs = startMs;
  }

  /** What a general says in one phase it says in one step. */
  add(content: Content): void {
    const place = this.events.length;
    const last = this.events.at(-1);
    const isSameStep =
      content.kind === 'message' &&
      last?.kind === 'message' &&
      content.message.from === last.message.from &&
      content.message.phase === last.message.phase;
    if (!isSameStep) this.#revision += 1;
    this.events.push({
      schema: traceSchema,
      round: this.#round,
      incarnation: 'simulated',
      revision: String(this.#revision),
      at: new Date(this.#startMs + place).toISOString(),
      ...content,
    } as TraceEvent);
  }
}

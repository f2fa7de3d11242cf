/**
 * A round as far as it has come: the core, fed the events of a trace one after another. What it gives is immutable, so that every
 * moment of a round can be kept and gone back to. Traitors run the same core here, which is what they betray; see traitor-run.ts.
 */
import type { GeneralId, Input, Message, Output, Protocol, Vote } from '../consensus/index.js';
import { everyone, protocolOf, slotKey } from '../consensus/index.js';
import { entryOf, recordedSigning, type SigningOf, type VerifySignature } from './signatures.js';
import type { Started, TraceEvent, TraceMessage } from './trace.js';

/** One general at one moment. */
export interface GeneralMoment {
  readonly general: GeneralId;
  /** The core's, for `explain`. */
  readonly state: unknown;
  /** The phase that runs for it; the number of phases once it has decided. */
  readonly phase: number;
  /** What its core decided; recorded or not. */
  readonly decision: Vote | undefined;
  /** What its core has sent, or would have sent, by slot. */
  readonly sent: ReadonlyMap<string, Message>;
}

/** All generals at one moment. */
export type Moment = ReadonlyMap<GeneralId, GeneralMoment>;

/** Folds a trace event by event. */
export class RoundFold {
  readonly #started: Started;
  readonly #protocol: Protocol<unknown>;
  readonly #signing: SigningOf | undefined;
  #moment: Moment;

  /**
   * The start is part of it: the commander has said its order. Of a signed round without `signing` no general is known.
   */
  constructor(started: Started, signing?: SigningOf) {
    const { setting } = started;
    this.#started = started;
    this.#protocol = protocolOf(setting);
    this.#signing = signing;
    const generals = setting.mode === 'signed' && signing === undefined ? [] : setting.generals;
    this.#moment = new Map(generals.map((general) => [general, this.#begin(general)]));
  }

  get moment(): Moment {
    return this.#moment;
  }

  /** The moment after this event. O(what the core makes of it). */
  take(event: TraceEvent): Moment {
    const after = new Map(this.#moment);
    for (const [general, before] of this.#moment) {
      const input = inputOf(event, general);
      if (input !== undefined) after.set(general, this.#step(before, input));
    }
    this.#moment = after;
    return after;
  }

  #begin(general: GeneralId): GeneralMoment {
    const { setting } = this.#started;
    const state = this.#protocol.init(setting, general, this.#signing?.(general));
    const blank = { general, state, phase: 0, decision: undefined, sent: new Map() };
    return this.#step(blank, startOf(this.#started, general));
  }

  #step(before: GeneralMoment, input: Input): GeneralMoment {
    const { state, outputs } = this.#protocol.step(before.state, input);
    const decided = outputs.find((output) => output.kind === 'decide');
    const endedCount = outputs.filter(({ kind }) => kind === 'phase-ended').length;
    const phaseCount = this.#protocol.phaseCount(this.#started.setting);
    return {
      general: before.general,
      state,
      phase: decided === undefined ? before.phase + endedCount : phaseCount,
      decision: before.decision ?? decided?.vote,
      sent: withSent(before.sent, outputs),
    };
  }
}

/** What a round is run again with; `unproved` says why it cannot be. */
export type Rerunning =
  | { readonly signing: SigningOf | undefined; readonly unproved?: undefined }
  | { readonly signing?: undefined; readonly unproved: string };

/** `verify` is needed for signed rounds alone. Costs a check for each signature of the record. */
export function rerunning(
  events: readonly TraceEvent[],
  started: Started,
  verify: VerifySignature | undefined,
): Rerunning {
  if (started.setting.mode !== 'signed') return { signing: undefined };
  const shown = 'so it is shown and not proved';
  if (started.schema === 'byzantine.trace/1')
    return {
      unproved: `a record of ${started.schema} does not hold the signatures of a signed round, ${shown}`,
    };
  if (verify === undefined) return { unproved: `signatures are not checked here, ${shown}` };
  return { signing: recordedSigning(events, started, verify) };
}

/** How a general begins. */
export function startOf({ setting, order, inputs }: Started, general: GeneralId): Input {
  const hasOrder = setting.isCouncil || general === setting.commander;
  return hasOrder ? { kind: 'start', order: inputs?.[general] ?? order } : { kind: 'start' };
}

/** What an event is to a general; undefined when it hears nothing of it. */
export function inputOf(event: TraceEvent, general: GeneralId): Input | undefined {
  if (event.kind === 'closed') return { kind: 'close', phase: event.phase };
  if (event.kind !== 'message' || !isHeardBy(general, event.message)) return undefined;
  const { phase, from, to, entries } = event.message;
  return { kind: 'message', message: { phase, from, to, entries: entries.map(entryOf) } };
}

function isHeardBy(general: GeneralId, { from, to }: TraceMessage): boolean {
  return from !== general && (to === general || to === everyone);
}

/** The moments of a whole trace; the one at index i is after event i. Neighbours share what did not change. */
export function momentsOf(
  events: readonly TraceEvent[],
  started: Started,
  verify?: VerifySignature,
): readonly Moment[] {
  const fold = new RoundFold(started, rerunning(events, started, verify).signing);
  return events.map((event) => fold.take(event));
}

function withSent(
  before: ReadonlyMap<string, Message>,
  outputs: readonly Output[],
): ReadonlyMap<string, Message> {
  const sent = outputs.flatMap((output) => (output.kind === 'send' ? output.messages : []));
  if (sent.length === 0) return before;
  return new Map([...before, ...sent.map((message): [string, Message] => [slotKey(message), message])]);
}

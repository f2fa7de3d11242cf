/**
 * A round as far as it has come: the core, fed the events of a trace one after another. What it gives is immutable, so that every
 * moment of a round can be kept and gone back to.
 */
import type { GeneralId, Message, Output, Protocol, Slot, Vote } from '../consensus/index.js';
import { everyone, planFor, protocolOf, rewrite, slotKey } from '../consensus/index.js';
import type { Started, TraceEvent, TraceMessage } from './trace.js';

/** One general at one moment. */
export interface GeneralMoment {
  readonly general: GeneralId;
  /** The core's, for `explain`. */
  readonly state: unknown;
  /** The phase that runs for it; the number of phases once it has decided. */
  readonly phase: number;
  /** How each phase that is over ended for it. */
  readonly ends: readonly ('full' | 'close')[];
  /** What its core decided; recorded or not. */
  readonly decision: Vote | undefined;
  /** What it owes or owed by its core and, for a traitor, by its plan; by slot. */
  readonly due: ReadonlyMap<string, Message>;
  /** The same as its loyal core would have it. */
  readonly loyal: ReadonlyMap<string, Message>;
}

/** All generals at one moment. */
export type Moment = ReadonlyMap<GeneralId, GeneralMoment>;

/** Folds a trace event by event. */
export class RoundFold {
  readonly #started: Started;
  readonly #protocol: Protocol<unknown>;
  readonly #rewrites: ReadonlyMap<
    GeneralId,
    (outputs: readonly Output[], state: unknown) => readonly Output[]
  >;
  #moment: Moment;

  /** The start is part of it: the commander has said its order. */
  constructor(started: Started) {
    const { setting, traitors, seed } = started;
    const protocol = protocolOf(setting);
    this.#started = started;
    this.#protocol = protocol;
    const context = { setting, seed, traitors: traitors.map(({ general }) => general) };
    this.#rewrites = new Map(
      traitors.map((spec) => {
        const plan = planFor(spec, context);
        return [spec.general, (outputs, state) => rewrite(outputs, plan, { protocol, setting, state })];
      }),
    );
    this.#moment = new Map(setting.generals.map((general) => [general, this.#begin(general)]));
  }

  get moment(): Moment {
    return this.#moment;
  }

  /** The moment after this event. O(what the core makes of it). */
  take(event: TraceEvent): Moment {
    if (event.kind === 'message') this.#hear(event.message);
    else if (event.kind === 'closed') {
      const { phase } = event;
      this.#moment = new Map(
        [...this.#moment].map(([general, before]) => [general, this.#step(before, { kind: 'close', phase })]),
      );
    }
    return this.#moment;
  }

  #hear({ phase, from, to, entries }: TraceMessage): void {
    const message: Message = { phase, from, to, entries };
    const after = new Map(this.#moment);
    for (const [general, before] of this.#moment) {
      const isHeard = to === general || (to === everyone && from !== general);
      if (isHeard) after.set(general, this.#step(before, { kind: 'message', message }));
    }
    this.#moment = after;
  }

  #begin(general: GeneralId): GeneralMoment {
    const { setting, order } = this.#started;
    const state = this.#protocol.init(setting, general);
    const blank = {
      general,
      state,
      phase: 0,
      ends: [],
      decision: undefined,
      due: new Map(),
      loyal: new Map(),
    };
    const hasOrder = setting.isCouncil || general === setting.commander;
    return this.#step(blank, hasOrder ? { kind: 'start', order } : { kind: 'start' });
  }

  #step(before: GeneralMoment, input: Parameters<Protocol<unknown>['step']>[1]): GeneralMoment {
    const { state, outputs } = this.#protocol.step(before.state, input);
    const said = this.#rewrites.get(before.general)?.(outputs, state) ?? outputs;
    const ends = outputs.flatMap((output) => (output.kind === 'phase-ended' ? [output.by] : []));
    const decided = outputs.find((output) => output.kind === 'decide');
    return {
      general: before.general,
      state,
      phase:
        decided === undefined ? before.phase + ends.length : this.#protocol.phaseCount(this.#started.setting),
      ends: ends.length === 0 ? before.ends : [...before.ends, ...ends],
      decision: before.decision ?? decided?.vote,
      due: withSent(before.due, said),
      loyal: withSent(before.loyal, outputs),
    };
  }
}

/** The moments of a whole trace; the one at index i is after event i. Neighbours share what did not change. */
export function momentsOf(events: readonly TraceEvent[], started: Started): readonly Moment[] {
  const fold = new RoundFold(started);
  return events.map((event) => fold.take(event));
}

function withSent(
  before: ReadonlyMap<string, Message>,
  outputs: readonly Output[],
): ReadonlyMap<string, Message> {
  const sent = outputs.flatMap((output) => (output.kind === 'send' ? output.messages : []));
  if (sent.length === 0) return before;
  const slot = ({ phase, from, to }: Slot): Slot => ({ phase, from, to });
  return new Map([...before, ...sent.map((message): [string, Message] => [slotKey(slot(message)), message])]);
}

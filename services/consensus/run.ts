/**
 * A whole round in memory: the same lines as on the services, with an ideal network in place of the tuple
 * space. Pure.
 */
import { idealSigning } from './ideal-signatures.js';
import type { GeneralId, Input, Message, Output, Protocol, Setting, Slot, Vote } from './protocol.js';
import { everyone } from './protocol.js';
import { protocolOf } from './protocols.js';
import type { Plan } from './traitors/plan.js';
import { rewrite } from './traitors/rewrite.js';
import { planFor, type TraitorSpec } from './traitors/spec.js';
import { judge, type Verdict } from './verdict.js';

/** What to run. Setting and specs must have passed their checks. */
export interface RoundPlan {
  readonly setting: Setting;
  /** The commander's; in a council everybody's input, but for `inputs`. */
  readonly order: Vote;
  /** In a council, the inputs that differ from `order`. */
  readonly inputs?: ReadonlyMap<GeneralId, Vote>;
  readonly traitors: readonly TraitorSpec[];
  /** 0 to 2^32-1. */
  readonly seed: number;
}

/** All that happened. */
export interface SimulatedRound {
  /** As sent, lies included, by phase and then in canonical order of their slots. */
  readonly messages: readonly Message[];
  /** Of all generals; what a traitor's loyal engine decided means nothing. */
  readonly decisions: ReadonlyMap<GeneralId, Vote>;
  /** The last state of each general, for `explain`. */
  readonly states: ReadonlyMap<GeneralId, unknown>;
  readonly ignored: readonly IgnoredOutput[];
  readonly verdict: Verdict;
}

type IgnoredOutput = Extract<Output, { kind: 'ignored' }>;

/** Runs a round to its end. Costs what the protocol costs, in time and memory. */
export function simulateRound({ setting, order, inputs, traitors, seed }: RoundPlan): SimulatedRound {
  const protocol = protocolOf(setting);
  const context = { setting, seed, traitors: traitors.map(({ general }) => general) };
  const plans = new Map(traitors.map((spec) => [spec.general, planFor(spec, context)]));
  const generals = setting.generals.map((id) => new SimulatedGeneral(protocol, setting, id, plans.get(id)));
  const byId = new Map(generals.map((general) => [general.id, general]));

  for (const general of generals) {
    const hasInput = setting.isCouncil || general.id === setting.commander;
    general.take(hasInput ? { kind: 'start', order: inputs?.get(general.id) ?? order } : { kind: 'start' });
  }
  const messages: Message[] = [];
  for (let phase = 0; phase < protocol.phaseCount(setting); phase += 1) {
    const sent = generals.flatMap((general) => general.sent(phase));
    messages.push(...sent);
    for (const message of sent) {
      const { from, to } = message;
      const readers = to === everyone ? generals.filter(({ id }) => id !== from) : [byId.get(to)];
      for (const reader of readers) reader?.take({ kind: 'message', message });
    }
    for (const general of generals) general.take({ kind: 'close', phase });
  }

  const decisions = new Map(
    generals.flatMap(({ id, decision }) => (decision === undefined ? [] : [[id, decision]])),
  );
  return {
    messages,
    decisions,
    states: new Map(generals.map(({ id, state }) => [id, state])),
    ignored: generals.flatMap(({ ignored }) => ignored),
    verdict: judge({
      setting,
      order,
      ...(inputs === undefined ? {} : { inputs }),
      traitors: context.traitors,
      lost: [],
      decisions,
      isOver: true,
    }),
  };
}

/** One general and what came out of it so far. */
class SimulatedGeneral {
  readonly id: GeneralId;
  readonly ignored: IgnoredOutput[] = [];
  decision: Vote | undefined;
  state: unknown;
  readonly #protocol: Protocol<unknown>;
  readonly #setting: Setting;
  readonly #plan: Plan | undefined;
  readonly #sent = new Map<Slot['phase'], readonly Message[]>();

  constructor(protocol: Protocol<unknown>, setting: Setting, id: GeneralId, plan: Plan | undefined) {
    this.id = id;
    this.#protocol = protocol;
    this.#setting = setting;
    this.#plan = plan;
    this.state = protocol.init(setting, id, idealSigning(id, 'simulated'));
  }

  sent(phase: number): readonly Message[] {
    return this.#sent.get(phase) ?? [];
  }

  take(input: Input): void {
    const { state, outputs } = this.#protocol.step(this.state, input);
    this.state = state;
    const [plan, protocol, setting] = [this.#plan, this.#protocol, this.#setting];
    const said = plan === undefined ? outputs : rewrite(outputs, plan, { protocol, setting, state });
    for (const output of said) this.#keep(output);
  }

  #keep(output: Output): void {
    switch (output.kind) {
      case 'send':
        this.#sent.set(output.phase, output.messages);
        break;
      case 'ignored':
        this.ignored.push(output);
        break;
      case 'decide':
        this.decision = output.vote;
        break;
      case 'phase-ended':
        break;
    }
  }
}

/**
 * A whole round in memory: the same lines as on the services, with an ideal network in place of the tuple
 * space. Pure.
 */
import { idealSigning } from './ideal-signatures.js';
import type {
  GeneralId,
  IgnoredReason,
  Input,
  Message,
  Output,
  Protocol,
  Setting,
  Vote,
} from './protocol.js';
import { everyone } from './protocol.js';
import { protocolOf } from './protocols.js';
import type { Timing } from './traitors/plan.js';
import type { Lie, TraitorOutput } from './traitors/rewrite.js';
import type { TraitorSpec } from './traitors/spec.js';
import { Traitor } from './traitors/traitor.js';
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
  /** What came in time, lies included, by phase and then in canonical order of their slots. */
  readonly messages: readonly Message[];
  /** Of all generals; what a traitor's loyal engine decided means nothing. */
  readonly decisions: ReadonlyMap<GeneralId, Vote>;
  /** The last state of each general, for `explain`. */
  readonly states: ReadonlyMap<GeneralId, unknown>;
  /** What counted for nothing, at each general that noticed. */
  readonly ignored: readonly IgnoredMessage[];
  /** Values that traitors said otherwise than a loyal general in their place would. */
  readonly lies: readonly Lie[];
  readonly verdict: Verdict;
}

/** A message or a value that did not count. */
export interface IgnoredMessage extends Omit<Extract<Output, { kind: 'ignored' }>, 'reason'> {
  readonly reason: IgnoredReason | 'forged_sender';
}

/**
 * Runs a round to its end. Costs what the protocol costs, in time and memory. `protocol` stands in for the
 * setting's own, for variants with a planted bug.
 */
export function simulateRound(
  { setting, order, inputs, traitors, seed }: RoundPlan,
  protocol = protocolOf(setting),
): SimulatedRound {
  const names = traitors.map(({ general }) => general);
  const specs = new Map(traitors.map((spec) => [spec.general, spec]));
  const generals = setting.generals.map((id) => {
    const spec = specs.get(id);
    if (spec === undefined) return new SimulatedGeneral(id, new LoyalEngine(protocol, setting, id));
    const signing = idealSigning(id, 'simulated');
    return new SimulatedGeneral(id, new Traitor({ protocol, setting, spec, traitors: names, seed, signing }));
  });
  const network = new Network(generals);

  for (const general of generals) {
    const hasInput = setting.isCouncil || general.id === setting.commander;
    general.take(hasInput ? { kind: 'start', order: inputs?.get(general.id) ?? order } : { kind: 'start' });
  }
  for (let phase = 0; phase < protocol.phaseCount(setting); phase += 1) network.exchange(phase);

  const decisions = new Map(
    generals.flatMap(({ id, decision }) => (decision === undefined ? [] : [[id, decision]])),
  );
  return {
    messages: network.inTime,
    decisions,
    states: new Map(generals.map(({ id, engine }) => [id, engine.state])),
    ignored: [...generals.flatMap(({ ignored }) => ignored), ...network.refused],
    lies: generals.flatMap(({ engine }) => engine.lies ?? []),
    verdict: judge({
      setting,
      order,
      ...(inputs === undefined ? {} : { inputs }),
      traitors: names,
      lost: [],
      decisions,
      isOver: true,
    }),
  };
}

/** A loyal engine, or a traitor around one. */
interface Engine {
  readonly state: unknown;
  readonly lies?: readonly Lie[];
  step(input: Input): readonly TraitorOutput[];
  hurry?(phase: number): readonly TraitorOutput[];
}

class LoyalEngine implements Engine {
  state: unknown;
  readonly #protocol: Protocol<unknown>;

  constructor(protocol: Protocol<unknown>, setting: Setting, self: GeneralId) {
    this.#protocol = protocol;
    this.state = protocol.init(setting, self, idealSigning(self, 'simulated'));
  }

  step(input: Input): readonly Output[] {
    const { state, outputs } = this.#protocol.step(this.state, input);
    this.state = state;
    return outputs;
  }
}

/** Carries the messages of one phase after another: at once, at the last moment, and after the close. */
class Network {
  readonly inTime: Message[] = [];
  /** What reaches nobody, or not under the name that it claims. */
  readonly refused: IgnoredMessage[] = [];
  readonly #generals: readonly SimulatedGeneral[];
  readonly #byId: ReadonlyMap<string, SimulatedGeneral>;

  constructor(generals: readonly SimulatedGeneral[]) {
    this.#generals = generals;
    this.#byId = new Map(generals.map((general) => [general.id, general]));
  }

  exchange(phase: number): void {
    // Who rushes speaks when it has heard the others, which is in the second pass.
    this.#carry(phase, undefined);
    this.#carry(phase, undefined);
    for (const general of this.#generals) general.hurry(phase);
    this.#carry(phase, undefined);
    this.#carry(phase, 'last-moment');
    for (const general of this.#generals) general.take({ kind: 'close', phase });
    this.#carry(phase, 'late');
  }

  #carry(phase: number, when: Timing | undefined): void {
    const sent = this.#generals.map((general) => ({ writer: general.id, ...general.collect(phase, when) }));
    for (const { messages } of sent) {
      if (when !== 'late') this.inTime.push(...messages);
      for (const message of messages) this.#deliver(message);
    }
    for (const { writer, strays } of sent) {
      for (const message of strays) this.#carryStray(writer, message);
    }
  }

  #carryStray(writer: GeneralId, message: Message): void {
    const { phase, from, to } = message;
    const slot = { phase, from, to };
    if (from !== writer) this.refused.push({ kind: 'ignored', slot, reason: 'forged_sender' });
    else if (to === everyone || this.#byId.has(to)) this.#deliver(message);
    else this.refused.push({ kind: 'ignored', slot, reason: 'not_owed' });
  }

  #deliver(message: Message): void {
    const input: Input = { kind: 'message', message };
    if (message.to !== everyone) this.#byId.get(message.to)?.take(input);
    else for (const general of this.#generals) if (general.id !== message.from) general.take(input);
  }
}

type Sent = Extract<TraitorOutput, { kind: 'send' | 'send-later' | 'stray' }>;

/** One general and what came out of it so far. */
class SimulatedGeneral {
  readonly id: GeneralId;
  readonly engine: Engine;
  readonly ignored: IgnoredMessage[] = [];
  decision: Vote | undefined;
  #outbox: Sent[] = [];

  constructor(id: GeneralId, engine: Engine) {
    this.id = id;
    this.engine = engine;
  }

  take(input: Input): void {
    this.#keep(this.engine.step(input));
  }

  hurry(phase: number): void {
    this.#keep(this.engine.hurry?.(phase) ?? []);
  }

  /** What it says in this phase at this time; each message once. */
  collect(
    phase: number,
    when: Timing | undefined,
  ): { messages: readonly Message[]; strays: readonly Message[] } {
    const isDue = (output: Sent) =>
      output.phase === phase && (output.kind === 'send' ? undefined : output.when) === when;
    const due = this.#outbox.filter(isDue);
    this.#outbox = this.#outbox.filter((output) => !isDue(output));
    return {
      messages: due.flatMap((output) => (output.kind === 'stray' ? [] : output.messages)),
      strays: due.flatMap((output) => (output.kind === 'stray' ? [output.message] : [])),
    };
  }

  #keep(outputs: readonly TraitorOutput[]): void {
    for (const output of outputs) {
      switch (output.kind) {
        case 'send':
        case 'send-later':
        case 'stray':
          this.#outbox.push(output);
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
}

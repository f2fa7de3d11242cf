/**
 * A traitor: the loyal engine with a plan over its outputs. Services, simulator and search all run these lines.
 */
import type { GeneralId, Input, Message, Output, Protocol, Setting, Signing, Slot } from '../protocol.js';
import { everyone } from '../protocol.js';
import { opposite, type Plan } from './plan.js';
import { type Lie, rewrite, type TraitorOutput } from './rewrite.js';
import { planFor, type TraitorSpec } from './spec.js';
import { attackCamp } from './split.js';
import { strategyNamed } from './strategies.js';

export interface TraitorOptions {
  readonly protocol: Protocol<unknown>;
  readonly setting: Setting;
  /** How it betrays; must have passed `checkTraitorSpec`. */
  readonly spec: TraitorSpec;
  /** All traitors of the round, who plan together. */
  readonly traitors: readonly GeneralId[];
  /** 0 to 2^32-1. */
  readonly seed: number;
  /** Of the traitor itself; needed in `signed` mode alone. */
  readonly signing?: Signing;
}

interface Twin {
  state: unknown;
  readonly camp: ReadonlySet<GeneralId>;
}

/** One traitor of a running round. The same inputs give the same outputs, after a restart too. */
export class Traitor {
  readonly self: GeneralId;
  /** Values said otherwise than a loyal general would, so far. */
  readonly lies: Lie[] = [];
  readonly #protocol: Protocol<unknown>;
  readonly #options: TraitorOptions;
  readonly #plan: Plan;
  readonly #isRushing: boolean;
  /** What waits for the loyal messages of its phase, by phase. */
  readonly #held = new Map<number, readonly Output[]>();
  /** What loyal generals said to this traitor, by phase; kept only by one that rushes. */
  readonly #seen = new Map<number, Message[]>();
  #state: unknown;
  /** A second engine under the same name, which hears and tells the other camp only. */
  readonly #twin: Twin | undefined;

  constructor(options: TraitorOptions) {
    const { protocol, setting, spec, traitors, seed, signing } = options;
    this.self = spec.general;
    this.#protocol = protocol;
    this.#options = options;
    this.#plan = planFor(spec, { setting, traitors, seed });
    this.#isRushing = strategyNamed(spec.strategy)?.isRushing === true;
    this.#state = protocol.init(setting, spec.general, signing);
    if (spec.strategy === 'twins') {
      const camp = attackCamp({ setting, traitors, seed }, 'twins');
      this.#twin = { state: protocol.init(setting, spec.general, signing), camp };
    }
  }

  /** Of its engine, for `explain`; of the first where there are twins. */
  get state(): unknown {
    return this.#state;
  }

  step(input: Input): TraitorOutput[] {
    if (this.#isRushing) this.#see(input);
    const outputs = this.#twin === undefined ? this.#stepOne(input) : this.#stepTwins(this.#twin, input);
    if (!this.#isRushing) return this.#rewrite(outputs);
    const said: TraitorOutput[] = [];
    for (const output of outputs) {
      if (output.kind === 'send') this.#held.set(output.phase, [output]);
      else said.push(output);
    }
    const ready = [...this.#held.keys()].filter((phase) => this.#hasSeenAll(phase));
    return [...said, ...ready.flatMap((phase) => this.#release(phase))];
  }

  /**
   * The phase is about to be closed: says what waits for loyal messages that did not come. Nothing for a traitor
   * that does not rush.
   */
  hurry(phase: number): TraitorOutput[] {
    return this.#release(phase);
  }

  #stepOne(input: Input): readonly Output[] {
    const { state, outputs } = this.#protocol.step(this.#state, input);
    this.#state = state;
    return outputs;
  }

  /** The first engine lives among the generals outside the camp, the second, given the opposite order, inside it. */
  #stepTwins(twin: Twin, input: Input): readonly Output[] {
    const isHeardBy = (inCamp: boolean) =>
      input.kind !== 'message' ||
      twin.camp.has(input.message.from) === inCamp ||
      this.#isTraitor(input.message.from);
    const mine = isHeardBy(false) ? this.#stepOne(input) : [];
    if (!isHeardBy(true)) return toOnly(mine, (to) => !twin.camp.has(to));
    const { state, outputs } = this.#protocol.step(twin.state, otherSide(input));
    twin.state = state;
    const told = outputs.filter(({ kind }) => kind === 'send');
    return [...toOnly(mine, (to) => !twin.camp.has(to)), ...toOnly(told, (to) => twin.camp.has(to))];
  }

  #rewrite(outputs: readonly Output[], seen: readonly Message[] = []): TraitorOutput[] {
    const { protocol, setting } = this.#options;
    const onLie = (lie: Lie) => void this.lies.push(lie);
    return rewrite(outputs, this.#plan, { protocol, setting, state: this.#state, seen, onLie });
  }

  #release(phase: number): TraitorOutput[] {
    const held = this.#held.get(phase) ?? [];
    this.#held.delete(phase);
    return this.#rewrite(held, this.#seen.get(phase) ?? []);
  }

  #see(input: Input): void {
    if (input.kind !== 'message' || this.#isTraitor(input.message.from)) return;
    const seen = this.#seen.get(input.message.phase) ?? [];
    seen.push(input.message);
    this.#seen.set(input.message.phase, seen);
  }

  /** Traitors never wait for each other. */
  #hasSeenAll(phase: number): boolean {
    const { setting } = this.#options;
    const isOwed = ({ from, to }: Slot) => (to === this.self || to === everyone) && !this.#isTraitor(from);
    const seen = new Set((this.#seen.get(phase) ?? []).map(({ from }) => from));
    return this.#protocol.slots(setting, phase).every((slot) => !isOwed(slot) || seen.has(slot.from));
  }

  #isTraitor(general: GeneralId): boolean {
    return this.#options.traitors.includes(general);
  }
}

function otherSide(input: Input): Input {
  return input.kind === 'start' && input.order !== undefined
    ? { ...input, order: opposite(input.order) }
    : input;
}

function toOnly(outputs: readonly Output[], isTold: (to: GeneralId) => boolean): readonly Output[] {
  return outputs.flatMap((output): Output[] => {
    if (output.kind !== 'send') return [output];
    const messages = output.messages.filter(({ to }) => isTold(to));
    return messages.length === 0 ? [] : [{ ...output, messages }];
  });
}

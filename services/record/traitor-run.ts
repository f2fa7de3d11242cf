/**
 * A traitor of a recorded round, run again: its strategy and the seed of the round say what it can have written.
 */
import type { Input, Message, Signing, TraitorOutput, TraitorSpec } from '../consensus/index.js';
import { protocolOf, slotKey, strategies, Traitor } from '../consensus/index.js';
import { inputOf, startOf } from './fold.js';
import type { Started, TraceEvent, TraceMessage } from './trace.js';

export class TraitorRun {
  readonly #started: Started;
  readonly #spec: TraitorSpec;
  readonly #signing: Signing | undefined;
  readonly #isRushing: boolean;
  readonly #traitor: Traitor;
  readonly #inputs: Input[] = [];
  /** All that it has said, or holds back for later, by slot; a traitor may have two things for one slot. */
  readonly #said = new Map<string, Message[]>();

  /** `signing` is needed in signed mode alone. */
  constructor(started: Started, spec: TraitorSpec, signing?: Signing) {
    this.#started = started;
    this.#spec = spec;
    this.#signing = signing;
    this.#isRushing = strategies.some(({ name, isRushing }) => name === spec.strategy && isRushing === true);
    this.#traitor = this.#fresh();
    this.#step(startOf(started, spec.general));
  }

  take(event: TraceEvent): void {
    const input = inputOf(event, this.#spec.general);
    if (input !== undefined) this.#step(input);
  }

  /** What it can have written in the slot of a message by now. */
  saidIn(message: TraceMessage): readonly Message[] {
    const said = this.#said.get(slotKey(message)) ?? [];
    return said.length > 0 || !this.#isRushing ? said : this.#hurriedIn(message);
  }

  #step(input: Input): void {
    this.#inputs.push(input);
    for (const message of messagesIn(this.#traitor.step(input))) {
      const said = this.#said.get(slotKey(message)) ?? [];
      this.#said.set(slotKey(message), [...said, message]);
    }
  }

  /**
   * One that waits for the loyal messages of its phase speaks before the close at the latest, by its own clock; what had come by then
   * the record does not tell, so each place where it can have been counts. O(inputs²), for such a traitor only.
   */
  #hurriedIn(message: TraceMessage): readonly Message[] {
    return this.#inputs.flatMap((_, last) => {
      const traitor = this.#fresh();
      for (const input of this.#inputs.slice(0, last + 1)) traitor.step(input);
      return messagesIn(traitor.hurry(message.phase)).filter((one) => slotKey(one) === slotKey(message));
    });
  }

  #fresh(): Traitor {
    const { setting, seed, traitors } = this.#started;
    const names = traitors.map(({ general }) => general);
    const signed = this.#signing === undefined ? {} : { signing: this.#signing };
    const protocol = protocolOf(setting);
    return new Traitor({ protocol, setting, spec: this.#spec, traitors: names, seed, ...signed });
  }
}

function messagesIn(outputs: readonly TraitorOutput[]): readonly Message[] {
  return outputs.flatMap((output) => {
    if (output.kind === 'send' || output.kind === 'send-later') return output.messages;
    return output.kind === 'stray' ? [output.message] : [];
  });
}

/**
 * The core of one general as its shell drives it: the protocol of the round with the state that belongs to it, and, for a traitor,
 * the core's traitor in its place. It makes no calls and knows no space.
 */
import type { Input, Protocol, Signing, TraitorOutput, VoteNode } from '../consensus/index.js';
import { findProtocol, Traitor } from '../consensus/index.js';
import { ServiceError } from '../runtime/index.js';
import type { Brief, RoundTuple } from './tuples.js';

export class Engine {
  readonly #setting: RoundTuple['setting'];
  readonly #protocol: Protocol<unknown>;
  readonly #traitor: Traitor | undefined;
  #state: unknown;

  /** `signing` is needed in signed mode. Errors: failed_precondition (the brief pins a protocol that this node does not have). */
  constructor({ setting, protocolVersion }: RoundTuple, { general, treason }: Brief, signing?: Signing) {
    // Another version of this program may have started the round.
    const protocol = findProtocol(setting);
    if (protocol === undefined || protocol.version !== protocolVersion) {
      const has = protocol === undefined ? 'none' : `version ${protocol.version}`;
      const wants = `${setting.protocol} version ${protocolVersion}`;
      throw new ServiceError(
        'failed_precondition',
        `the round needs protocol ${wants}, this node has ${has}`,
      );
    }
    this.#setting = setting;
    this.#protocol = protocol;
    this.#state = protocol.init(setting, general, signing);
    const signed = signing === undefined ? {} : { signing };
    if (treason !== undefined) this.#traitor = new Traitor({ protocol, setting, ...treason, ...signed });
  }

  step(input: Input): readonly TraitorOutput[] {
    if (this.#traitor !== undefined) return this.#traitor.step(input);
    const { state, outputs } = this.#protocol.step(this.#state, input);
    this.#state = state;
    return outputs;
  }

  /** The phase is about to be closed: what a traitor says that has waited for others. */
  hurry(phase: number): readonly TraitorOutput[] {
    return this.#traitor?.hurry(phase) ?? [];
  }

  get phaseCount(): number {
    return this.#protocol.phaseCount(this.#setting);
  }

  /** What the general has heard, for people. */
  explain(): VoteNode | undefined {
    return this.#protocol.explain(this.#traitor?.state ?? this.#state);
  }
}

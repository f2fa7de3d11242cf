/**
 * The core of one general as its shell drives it: the protocol of the round with the state that belongs to it, and, for a traitor,
 * the plan over what comes out. It makes no calls and knows no space.
 */
import type { Input, Output, Plan, Protocol, VoteNode } from '../consensus/index.js';
import { findProtocol, planFor, rewrite } from '../consensus/index.js';
import { ServiceError } from '../runtime/index.js';
import type { Brief, RoundTuple } from './tuples.js';

export class Engine {
  readonly #setting: RoundTuple['setting'];
  readonly #protocol: Protocol<unknown>;
  readonly #plan: Plan | undefined;
  #state: unknown;

  /** Errors: failed_precondition (the brief pins a protocol that this node does not have). */
  constructor({ setting, protocolVersion }: RoundTuple, { general, treason }: Brief) {
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
    this.#state = protocol.init(setting, general);
    if (treason === undefined) return;
    const { spec, seed, traitors } = treason;
    this.#plan = planFor(spec, { setting, seed, traitors });
  }

  step(input: Input): readonly Output[] {
    const [protocol, setting, plan] = [this.#protocol, this.#setting, this.#plan];
    const { state, outputs } = protocol.step(this.#state, input);
    this.#state = state;
    return plan === undefined ? outputs : rewrite(outputs, plan, { protocol, setting, state });
  }

  /** What the general has heard, for people. */
  explain(): VoteNode | undefined {
    return this.#protocol.explain(this.#state);
  }
}

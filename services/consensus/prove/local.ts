/**
 * One general by itself: the real engine, phase by phase.
 */
import { idealSigning } from '../ideal-signatures.js';
import type { GeneralId, Input, Message, Output, Protocol, Setting, Vote } from '../protocol.js';
import { canonical, knowledge } from './knowledge.js';

/** A general between two phases. */
export interface Local {
  /** Two of one general with the same key go on alike. Short, since it is compared often. */
  readonly key: string;
  readonly state: unknown;
  /** What it says in phases to come. */
  readonly sends: readonly Message[];
  /** Two that say the same have the same. */
  readonly sendsKey: string;
  readonly decision: Vote | undefined;
}

/** The generals of a setting, each in all states that are asked for. */
export class Locals {
  readonly #protocol: Protocol<unknown>;
  readonly #setting: Setting;
  /** By all that they depend on. */
  readonly #keys = new Map<string, string>();
  #tellCount = 0;

  constructor(protocol: Protocol<unknown>, setting: Setting) {
    this.#protocol = protocol;
    this.#setting = setting;
  }

  /** How often a general was told something so far. */
  get tellCount(): number {
    return this.#tellCount;
  }

  /** Before phase 0; the input is the commander's order, in a council everybody's own. */
  start(id: GeneralId, vote: Vote): Local {
    const { isCouncil, commander } = this.#setting;
    const state = this.#protocol.init(this.#setting, id, idealSigning(id, 'simulated'));
    const hasInput = isCouncil || id === commander;
    const input: Input = hasInput ? { kind: 'start', order: vote } : { kind: 'start' };
    return this.#after({ state, sends: [], decision: undefined }, [input], -1);
  }

  /** After a phase in which it was told this and nothing else. */
  tell(local: Local, told: readonly Message[], phase: number): Local {
    this.#tellCount += 1;
    const messages = told.map((message): Input => ({ kind: 'message', message }));
    return this.#after(local, [...messages, { kind: 'close', phase }], phase);
  }

  /** A general that waits for nobody is ahead of the others: what it says in later phases stands until then. */
  #after(before: Omit<Local, 'key' | 'sendsKey'>, inputs: readonly Input[], phase: number): Local {
    let { state } = before;
    const outputs: Output[] = [];
    for (const input of inputs) {
      const step = this.#protocol.step(state, input);
      state = step.state;
      outputs.push(...step.outputs);
    }
    const fresh = outputs.flatMap((output) => (output.kind === 'send' ? output.messages : []));
    const sends = [...before.sends.filter((message) => message.phase > phase), ...fresh];
    const decision = before.decision ?? outputs.find((output) => output.kind === 'decide')?.vote;
    const sendsKey = this.#keyOf(canonical(sends));
    const key = this.#keyOf(`${knowledge(state)} ${sendsKey} ${decision}`);
    return { key, state, sends, sendsKey, decision };
  }

  #keyOf(text: string): string {
    const key = this.#keys.get(text) ?? this.#keys.size.toString(36);
    this.#keys.set(text, key);
    return key;
  }
}

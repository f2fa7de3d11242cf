/**
 * What a traitor says otherwise than a loyal general would: late on purpose, or what nobody owes. Its messages go
 * through the same outbox with the same token as everyone else's.
 */
import type { Message, TraitorOutput } from '../consensus/index.js';
import type { Clock } from '../runtime/index.js';
import type { Engine } from './engine.js';
import { type Held, HeldBack } from './held-back.js';
import type { Outbox } from './outbox.js';

export interface TreasonOptions {
  readonly engine: Engine;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly phaseMs: number;
  readonly phaseCount: number;
  /** When the round began, by the store's clock. */
  readonly begunAtMs: number;
}

export class Treason {
  readonly #options: TreasonOptions;
  readonly #heldBack: HeldBack;
  #isOver = false;

  constructor(options: TreasonOptions) {
    this.#options = options;
    this.#heldBack = new HeldBack(options);
    this.#heldBack.begin(0, options.begunAtMs);
  }

  /** It still has something to say. */
  get isWaiting(): boolean {
    return !this.#isOver && !this.#heldBack.isEmpty;
  }

  /** Resolves at the last moment of the running phase. */
  lastMoment(): Promise<'last-moment'> {
    return this.#heldBack.lastMoment();
  }

  /** Says what is for the last moment of the running phase. */
  async speakAtLastMoment(signal: AbortSignal): Promise<void> {
    const held = this.#heldBack.takeLastMoment();
    for (const output of this.#options.engine.hurry(this.#heldBack.phase)) await this.act(output, signal);
    for (const output of held) await this.#say(output, signal);
  }

  /** The time of the store has come so far. */
  hearTime(storeTimeMs: number): void {
    this.#heldBack.hearTime(storeTimeMs);
  }

  /** Says what is for after the close, which was written at this time of the store. */
  async hearClose(phase: number, closedAtMs: number, signal: AbortSignal): Promise<void> {
    const held = this.#heldBack.takeLate(phase);
    this.#heldBack.begin(phase + 1, closedAtMs);
    for (const output of held) await this.#say(output, signal);
    this.#isOver = phase >= this.#options.phaseCount;
  }

  /** Messages at once or later; anything else is the shell's to do. */
  async act(output: TraitorOutput, signal: AbortSignal): Promise<void> {
    switch (output.kind) {
      case 'send':
        return this.#options.outbox.sendAnyway(output.messages, signal);
      case 'send-later':
      case 'stray':
        return this.#heldBack.keep(output) ? undefined : this.#say(output, signal);
      default:
        return undefined;
    }
  }

  /** Idempotent. */
  stop(): void {
    this.#heldBack.stop();
  }

  #say(held: Held, signal: AbortSignal): Promise<void> {
    const messages: readonly Message[] = held.kind === 'stray' ? [held.message] : held.messages;
    return this.#options.outbox.sendAnyway(messages, signal);
  }
}

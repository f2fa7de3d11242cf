/**
 * What a general says: each message to its slot, and nothing else ever to a slot that an earlier start of it has
 * filled.
 */
import type { Message, Mode, Slot } from '../consensus/index.js';
import type { Log } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { StoredTuple, Tuple } from '../tuplespace/index.js';
import { isMessage, messageTuple, readMessage } from './tuples.js';

export interface OutboxOptions {
  readonly self: string;
  /** Writes all of the tuples in one step, or none. */
  readonly write: (tuples: readonly Tuple[], signal: AbortSignal) => Promise<unknown>;
  readonly log: Log;
}

export class Outbox {
  readonly #options: OutboxOptions;
  /** Of the round; it says how a message is written. */
  mode: Mode = 'mailbox';
  readonly #sentBefore = new Set<string>();
  #sentCount = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Values sent, by earlier starts too. */
  get sentCount(): number {
    return this.#sentCount;
  }

  /** Notes the slots that an earlier start of this general has filled. */
  recall(standing: readonly StoredTuple[]): void {
    for (const tuple of standing) {
      if (tuple.writer !== this.#options.self || !isMessage(tuple)) continue;
      const said = readMessage(tuple);
      if (said.kind !== 'message') continue;
      this.#sentBefore.add(slotKey(said.message));
      this.#sentCount += said.message.entries.length;
    }
  }

  /** All messages of a phase in one step. */
  async send(messages: readonly Message[], signal: AbortSignal): Promise<void> {
    const fresh = this.#unsaid(messages);
    if (fresh.length === 0) return;
    const tuples = fresh.map((message) => messageTuple(message, this.mode));
    await this.#options.write(tuples, signal);
    this.#count(fresh);
  }

  /**
   * For a traitor: what the space refuses, such as a second message for a slot, is noted, and the others still go.
   */
  async sendAnyway(messages: readonly Message[], signal: AbortSignal): Promise<void> {
    try {
      await this.send(messages, signal);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (messages.length > 1) {
        for (const message of messages) await this.sendAnyway([message], signal);
        return;
      }
      const [{ phase, from, to } = { phase: -1, from: '', to: '' }] = messages;
      this.#options.log.debug('message.refused', { phase, from, to, code: error.code });
    }
  }

  /** A second message for a slot is not unsaid by the first: that is for the space to refuse. */
  #unsaid(messages: readonly Message[]): readonly Message[] {
    return messages.filter((message) => !this.#sentBefore.has(slotKey(message)));
  }

  #count(messages: readonly Message[]): void {
    this.#sentCount += messages.reduce((sum, { entries }) => sum + entries.length, 0);
  }
}

/** The space looked at the tuple and did not take it; trying again changes nothing. */
function isRefusal(error: unknown): error is ServiceError {
  return error instanceof ServiceError && refusals.has(error.code);
}

const refusals: ReadonlySet<string> = new Set(['already_exists', 'invalid_argument', 'permission_denied']);

function slotKey({ phase, to }: Slot): string {
  return `${phase} ${to}`;
}

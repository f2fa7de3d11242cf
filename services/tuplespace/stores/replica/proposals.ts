/**
 * Proposals: the commands of this replica on their way through the log. Those that come while an append is under way share the next
 * one, and with it one commit of the store.
 */
import type { ServiceError } from '../../../runtime/index.js';
import type { Outcome } from './applier.js';
import { type Command, type EncodedCommand, encodeBatch, encodeCommand } from './command.js';

interface Proposal {
  readonly command: EncodedCommand;
  readonly conclude: Conclude;
}

/** Called once: with what a command came to, in the step that applied it, or with the error that kept it from the log. */
export type Conclude = (outcome: Outcome) => void;

/** A batch that was sent. */
interface Sent {
  readonly number: number;
  readonly proposals: readonly Proposal[];
}

/** Commands of one batch. */
const batchMax = 1_000;

export class Proposals {
  readonly #replica: string;
  #queue: Proposal[] = [];
  #sent: Sent | undefined;
  #number = 0;

  constructor(replica: string) {
    this.#replica = replica;
  }

  get hasQueued(): boolean {
    return this.#queue.length > 0;
  }

  get isSent(): boolean {
    return this.#sent !== undefined;
  }

  /** Queues a command; the returned function takes it back, and tells whether it was still there. */
  add(command: Command, conclude: Conclude): () => boolean {
    const proposal = { command: encodeCommand(command), conclude };
    this.#queue.push(proposal);
    return () => {
      const place = this.#queue.indexOf(proposal);
      if (place >= 0) this.#queue.splice(place, 1);
      return place >= 0;
    };
  }

  /** The body of the next batch, which counts as sent from now on. */
  next(): Buffer {
    this.#number += 1;
    const proposals = this.#queue.slice(0, batchMax);
    this.#queue = this.#queue.slice(batchMax);
    this.#sent = { number: this.#number, proposals };
    const commands = proposals.map(({ command }) => command);
    return encodeBatch({ replica: this.#replica, number: this.#number, commands });
  }

  /** A command of a batch has been applied; concludes it if it is one of ours that still waits. */
  outcome(batch: { replica: string; number: number }, index: number, outcome: Outcome): void {
    if (batch.replica !== this.#replica || batch.number !== this.#sent?.number) return;
    this.#sent.proposals[index]?.conclude(outcome);
  }

  /** The batch that was sent is through: applied, or refused by the store with this error. */
  settle(error?: unknown): void {
    const proposals = this.#sent?.proposals ?? [];
    this.#sent = undefined;
    if (error !== undefined) for (const { conclude } of proposals) conclude({ error });
  }

  /** Ends all of them: what was sent may have happened or not. */
  fail(error: ServiceError): void {
    const all = [...(this.#sent?.proposals ?? []), ...this.#queue];
    this.#sent = undefined;
    this.#queue = [];
    for (const { conclude } of all) conclude({ error });
  }
}

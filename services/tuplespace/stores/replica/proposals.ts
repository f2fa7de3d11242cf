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
  /** By their places in the batch; concluded ones are gone. */
  readonly proposals: Map<number, Proposal>;
}

/** Bounds of one batch; it has at least one command all the same. */
const batchMax = { commands: 1_000, bytes: 1024 * 1024 };

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
    let count = 0;
    for (let bytes = 0; count < this.#queue.length && count < batchMax.commands; count++) {
      bytes += this.#queue[count]?.command.request.length ?? 0;
      if (count > 0 && bytes > batchMax.bytes) break;
    }
    const proposals = this.#queue.splice(0, count);
    this.#sent = { number: this.#number, proposals: new Map(proposals.entries()) };
    const commands = proposals.map(({ command }) => command);
    return encodeBatch({ replica: this.#replica, number: this.#number, commands });
  }

  /** A command of a batch has been applied; concludes it if it is one of ours that still waits. */
  outcome(batch: { replica: string; number: number }, index: number, outcome: Outcome): void {
    if (batch.replica !== this.#replica || batch.number !== this.#sent?.number) return;
    const proposal = this.#sent.proposals.get(index);
    this.#sent.proposals.delete(index);
    proposal?.conclude(outcome);
  }

  /** The batch that was sent is through: applied, or refused by the store with this error. False: it is not. */
  settle(error?: unknown): boolean {
    const left = [...(this.#sent?.proposals.values() ?? [])];
    if (error === undefined && left.length > 0) return false;
    this.#sent = undefined;
    for (const { conclude } of left) conclude({ error });
    return true;
  }

  /** Ends all of them: what was sent may have happened or not. */
  fail(error: ServiceError): void {
    const all = [...(this.#sent?.proposals.values() ?? []), ...this.#queue];
    this.#sent = undefined;
    this.#queue = [];
    for (const { conclude } of all) conclude({ error });
  }
}

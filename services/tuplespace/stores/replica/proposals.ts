/**
 * Proposals: the commands of this replica on their way through the log, in batches. Those that queue up share the next batch, and with
 * it one commit of the store.
 */
import type { ServiceError } from '../../../runtime/index.js';
import type { CheckedCall } from '../memory/index.js';
import type { Outcome, ProposedBatch } from './applier.js';
import { type Command, encodeBatch, encodeCommand, type ProposedCommand } from './command.js';

interface Proposal {
  readonly command: ProposedCommand;
  readonly conclude: Conclude;
}

/** Called once: with what a command came to, in the step that applied it, or with the error that kept it from the log. */
export type Conclude = (outcome: Outcome) => void;

/** A batch, which counts as sent. */
export interface Sent extends ProposedBatch {
  readonly body: Buffer;
}

/** Bounds of one batch; it has at least one command all the same. */
const batchMax = { commands: 1_000, bytes: 1024 * 1024 };

export class Proposals {
  readonly #replica: string;
  #queue: Proposal[] = [];
  /** The batches that were sent, by number: their proposals by place, undefined once they are concluded. */
  readonly #sent = new Map<number, (Proposal | undefined)[]>();
  #number = 0;

  constructor(replica: string) {
    this.#replica = replica;
  }

  get queuedCount(): number {
    return this.#queue.length;
  }

  /** Batches that are on their way. */
  get sentCount(): number {
    return this.#sent.size;
  }

  /** Queues a command; the returned function takes it back, and tells whether it was still there. */
  add(command: Command, conclude: Conclude, checked?: CheckedCall): () => boolean {
    const proposal = { command: encodeCommand(command, checked), conclude };
    this.#queue.push(proposal);
    return () => {
      const place = this.#queue.indexOf(proposal);
      if (place >= 0) this.#queue.splice(place, 1);
      return place >= 0;
    };
  }

  /** The next batch. */
  next(): Sent {
    this.#number += 1;
    let count = 0;
    for (let bytes = 0; count < this.#queue.length && count < batchMax.commands; count++) {
      bytes += this.#queue[count]?.command.request.length ?? 0;
      if (count > 0 && bytes > batchMax.bytes) break;
    }
    const proposals = this.#queue.splice(0, count);
    const commands = proposals.map(({ command }) => command);
    this.#sent.set(this.#number, proposals);
    const batch = { replica: this.#replica, number: this.#number, commands };
    return { ...batch, body: encodeBatch(batch) };
  }

  /** A command of a batch has been applied; concludes it if it is one of ours that still waits. */
  outcome(batch: { replica: string; number: number }, index: number, outcome: Outcome): void {
    if (batch.replica !== this.#replica) return;
    const proposals = this.#sent.get(batch.number);
    const proposal = proposals?.[index];
    if (proposals === undefined || proposal === undefined) return;
    proposals[index] = undefined;
    proposal.conclude(outcome);
  }

  /** A batch is through: applied, or refused by the store with this error. False: it is not. */
  settle(number: number, error?: unknown): boolean {
    const left = (this.#sent.get(number) ?? []).filter((proposal) => proposal !== undefined);
    if (error === undefined && left.length > 0) return false;
    this.#sent.delete(number);
    for (const { conclude } of left) conclude({ error });
    return true;
  }

  /** Ends all of them: what was sent may have happened or not. */
  fail(error: ServiceError): void {
    const all = [...[...this.#sent.values()].flat(), ...this.#queue];
    this.#sent.clear();
    this.#queue = [];
    for (const proposal of all) proposal?.conclude({ error });
  }
}

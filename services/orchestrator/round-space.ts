/**
 * A round's space, as the orchestrator reads and writes it. No decision is made here.
 */
import type { End, RoundTuple } from '../general-node/index.js';
import {
  closeTuple,
  decisionTemplate,
  endTemplates,
  endTuple,
  keyTemplate,
  labTemplate,
  messageTemplates,
  readDecision,
  roundSpace,
  roundTemplate,
  seatTemplate,
} from '../general-node/index.js';
import type { Clock } from '../runtime/index.js';
import { ServiceError } from '../runtime/index.js';
import type { CallOptions, RefusalCount, Template, TupleSpace } from '../tuplespace/index.js';
import { any, readAll, template } from '../tuplespace/index.js';
import type { RoundRecord } from './record.js';
import { RecordBuilder } from './record.js';

/** Everything but the votes: small, whatever the round. */
const headTemplates: readonly Template[] = [
  roundTemplate,
  labTemplate,
  seatTemplate,
  decisionTemplate,
  keyTemplate,
  template('close', any),
  template('report', any, any, any, any, any, any, any),
  ...endTemplates,
];

/** Tuples in one page; a tuple of a big round has hundreds of paths. */
const pageTuples = 64;

export class RoundSpace {
  readonly name: string;
  readonly #space: TupleSpace;
  readonly #clock: Clock;

  constructor(space: TupleSpace, { number, clock }: { number: number; clock: Clock }) {
    this.#space = space;
    this.#clock = clock;
    this.name = roundSpace(number);
  }

  /** The record, with its votes or without; undefined when the round was never begun. Errors: not_found. */
  async record({
    withVotes,
    signal,
  }: CallOptions & { readonly withVotes: boolean }): Promise<RoundRecord | undefined> {
    const templates = withVotes ? [...headTemplates, ...messageTemplates] : headTemplates;
    const builder = new RecordBuilder();
    const request = { space: this.name, templates, limit: pageTuples };
    for await (const tuple of readAll(this.#space, request, { signal })) builder.add(tuple);
    return builder.build();
  }

  /** When the round's first tuples were written, by the store's clock. They must be there. */
  async startedAtMs(): Promise<number> {
    const { tuples } = await this.#space.read({ space: this.name, templates: [roundTemplate], limit: 1 });
    const [first] = tuples;
    if (first === undefined) throw new ServiceError('internal', `${this.name} lost its first tuples`);
    return first.writtenAtMs;
  }

  /** The record without its votes; undefined also when the round is gone. */
  async head(options: CallOptions = {}): Promise<RoundRecord | undefined> {
    try {
      return await this.record({ ...options, withVotes: false });
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'not_found') return undefined;
      throw error;
    }
  }

  /** Writes a close; a second one for the same phase changes nothing. */
  async close(phase: number, signal: AbortSignal): Promise<void> {
    await this.#space.write({ space: this.name, tuples: [closeTuple(phase)] }, { signal });
  }

  /** Writes how the round ended. Errors: already_exists (it ended otherwise). */
  async end(end: End, options: CallOptions = {}): Promise<void> {
    await this.#space.write({ space: this.name, tuples: [endTuple(end)] }, options);
  }

  /**
   * Waits until every general has decided, but no longer than `waitMs`; the store does the waiting. Decisions that nobody could have
   * made are not counted, so a traitor that writes one hastens nothing.
   */
  async allDecided(round: RoundTuple, options: { waitMs: number; signal: AbortSignal }): Promise<boolean> {
    const { generals } = round.setting;
    const { signal, waitMs } = options;
    const startedMs = this.#clock.monotonicMs();
    let strayCount = 0;
    for (;;) {
      // Only a stray decision or the service's cap on waits ends a read early; then the rest of the time is waited for.
      const leftMs = Math.max(0, Math.ceil(waitMs - (this.#clock.monotonicMs() - startedMs)));
      const min = generals.length + strayCount;
      const request = { space: this.name, templates: [decisionTemplate], min, waitMs: leftMs };
      const answer = await this.#space.read(request, { signal });
      const decided = new Set(answer.tuples.map((tuple) => readDecision(tuple)?.general));
      const count = generals.filter((general) => decided.has(general)).length;
      if (count === generals.length) return true;
      if (leftMs === 0) return false;
      strayCount = answer.tuples.length - count;
    }
  }

  /** What the space refused so far, by caller and rule. */
  async refusals(options: CallOptions = {}): Promise<readonly RefusalCount[]> {
    const { refusals } = await this.#space.readAudit({ space: this.name, limit: 1 }, options);
    return refusals;
  }
}

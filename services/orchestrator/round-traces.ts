/**
 * The span of each round that this orchestrator drives. Without a tracer there are none, and every trace is empty.
 */
import { type RoundTuple, readRoundTrace } from '../general-node/index.js';
import type { Span, SpanOptions, Tracer } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';

export class RoundTraces {
  readonly #tracer: Tracer | undefined;
  readonly #spans = new Map<number, Span>();

  constructor(tracer: Tracer | undefined) {
    this.#tracer = tracer;
  }

  /**
   * Begins the span of a round, and gives what the round's calls are a part of.
   *
   * @param parent what asked for the round is a part of
   */
  begin(
    round: number,
    { parent = '', protocol, n }: { parent: string | undefined; protocol: string; n: number },
  ): string {
    this.#begin(round, { parent, attributes: { 'byzantine.protocol': protocol, 'byzantine.generals': n } });
    return this.of(round);
  }

  /**
   * Begins the span of a round that is taken over: a part of the span with which the round was begun, which who was to end it may never
   * have sent. A round that was begun without a trace goes on without one. Errors: what the space gives.
   */
  async goOn({ number, setting }: RoundTuple, space: TupleSpace): Promise<void> {
    if (this.#tracer === undefined) return;
    const parent = await readRoundTrace(space, number);
    if (parent === undefined) return;
    const { protocol, generals } = setting;
    const attributes = { 'byzantine.protocol': protocol, 'byzantine.generals': generals.length };
    this.#begin(number, { parent, attributes: { ...attributes, 'byzantine.taken_over': true } });
  }

  /** What the calls of a round are a part of. */
  of(round: number): string {
    return this.#spans.get(round)?.traceparent ?? '';
  }

  /** With the error that kept it from its verdict, if there was one. */
  end(round: number, error?: unknown): void {
    this.#spans.get(round)?.end(error);
    this.#spans.delete(round);
  }

  #begin(round: number, { parent, attributes }: Required<Pick<SpanOptions, 'parent' | 'attributes'>>): void {
    const about = { 'byzantine.round': round, ...attributes };
    const span = this.#tracer?.begin('round', { parent, attributes: about });
    if (span !== undefined) this.#spans.set(round, span);
  }
}

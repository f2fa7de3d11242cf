/**
 * The span of each round that this orchestrator has started. Without a tracer there are none, and every trace is empty; likewise for a
 * round that another orchestrator started.
 */
import type { Span, Tracer } from '../runtime/index.js';

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
    const attributes = { 'byzantine.round': round, 'byzantine.protocol': protocol, 'byzantine.generals': n };
    const span = this.#tracer?.begin('round', { parent, attributes });
    if (span !== undefined) this.#spans.set(round, span);
    return this.of(round);
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
}

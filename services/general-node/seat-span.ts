/**
 * The span of one general at its seat: a part of the round's own, whose context the orchestrator wrote into the round's space.
 */
import type { Span, Tracer } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';
import type { Assignment } from './control-tuples.js';
import { readRoundTrace } from './round-trace.js';

/** Begins it; undefined where this node or this round is not traced. */
export async function beginSeatSpan(
  tracer: Tracer | undefined,
  { round, general, epoch }: Assignment,
  { space, signal }: { readonly space: TupleSpace; readonly signal: AbortSignal },
): Promise<Span | undefined> {
  if (tracer === undefined) return undefined;
  const parent = await readRoundTrace(space, round, { signal });
  if (parent === undefined) return undefined;
  const attributes = { 'byzantine.round': round, 'byzantine.general': general, 'byzantine.epoch': epoch };
  return tracer.begin('general', { parent, attributes });
}

/**
 * What a round is a part of, for those who have not begun it: its context stands in its space.
 */
import type { CallOptions, TupleSpace } from '../tuplespace/index.js';
import { readTrace, roundSpace, traceTemplate } from './tuples.js';

/** As traceparent; undefined for a round that is not traced. Errors: what the space gives. */
export async function readRoundTrace(
  space: TupleSpace,
  round: number,
  options: CallOptions = {},
): Promise<string | undefined> {
  const request = { space: roundSpace(round), templates: [traceTemplate] };
  const { tuples } = await space.read(request, options);
  return tuples.map(readTrace).find((trace) => trace !== undefined);
}

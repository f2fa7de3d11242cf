/**
 * Stops on a bug of the caller's program, such as a commander that is started without an order. Never for
 * what a message or a person may bring: those are reported as values.
 */
export function assert(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${claim}`);
}

/**
 * Calls that carry one request id are one call, tried again: its outcome is the first answer that any try got.
 */
import type { Operation } from './history.js';

export function joined(operations: readonly Operation[]): readonly Operation[] {
  const byRequest = new Map<string, Operation>();
  const alone: Operation[] = [];
  for (const operation of operations) {
    const key = requestKeyOf(operation);
    if (key === undefined) alone.push(operation);
    else {
      const earlier = byRequest.get(key);
      byRequest.set(key, earlier === undefined ? operation : join(earlier, operation));
    }
  }
  return [...alone, ...byRequest.values()].sort((left, right) => left.invokedMs - right.invokedMs);
}

/** Undefined for a call that cannot be told from another. */
export function requestKeyOf(operation: Operation): string | undefined {
  if (operation.kind === 'read') return undefined;
  const { requestId, space } = operation.request;
  return requestId && `${space} ${operation.kind} ${requestId.session} ${requestId.sequence}`;
}

/** `earlier` was invoked first. */
function join(earlier: Operation, later: Operation): Operation {
  const [first, second] = [earlier.outcome, later.outcome];
  const isLaterBetter =
    rank[second.kind] > rank[first.kind] ||
    (first.kind === 'ok' && second.kind === 'ok' && second.atMs < first.atMs);
  return isLaterBetter ? ({ ...earlier, outcome: second } as Operation) : earlier;
}

const rank = { fail: 0, unknown: 1, ok: 2 };

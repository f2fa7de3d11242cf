/**
 * Calls that carry one request id are one call, tried again: its outcome is the first answer that any try got. A space that lost its memory
 * in between has forgotten the request too, and may have made both: nobody knows what that call came to.
 */
import type { Operation } from './history.js';

/** Whether the space may have lost all it held between two times. */
type WasLost = (fromMs: number, untilMs: number) => boolean;

export function joined(operations: readonly Operation[], wasLost: WasLost): readonly Operation[] {
  const byRequest = new Map<string, Operation>();
  const alone: Operation[] = [];
  for (const operation of operations) {
    const key = requestKeyOf(operation);
    if (key === undefined) alone.push(operation);
    else {
      const earlier = byRequest.get(key);
      byRequest.set(key, earlier === undefined ? operation : join(earlier, operation, wasLost));
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
function join(earlier: Operation, later: Operation, wasLost: WasLost): Operation {
  const [first, second] = [earlier.outcome, later.outcome];
  if (first.kind === 'ok' && second.kind !== 'fail' && wasLost(first.atMs, endMs(later))) {
    return { ...earlier, outcome: { kind: 'unknown' } } as Operation;
  }
  const isLaterBetter =
    rank[second.kind] > rank[first.kind] ||
    (first.kind === 'ok' && second.kind === 'ok' && second.atMs < first.atMs);
  return isLaterBetter ? ({ ...earlier, outcome: second } as Operation) : earlier;
}

function endMs({ outcome }: Operation): number {
  return outcome.kind === 'ok' ? outcome.atMs : Number.POSITIVE_INFINITY;
}

const rank = { fail: 0, unknown: 1, ok: 2 };

/**
 * The request ids whose takes wait in this replica. A take that waits has no record in the state yet; a retry that comes while it does
 * takes its place here.
 */
import { invalidArgument, ServiceError } from '../../../runtime/index.js';
import type { RequestId } from '../../space.js';

export interface Requester {
  readonly tokenHash: string | undefined;
  readonly requestId: RequestId;
}

type Fail = (error: ServiceError) => void;

export class WaitingRequests {
  /** By token and session, then by sequence. */
  readonly #sessions = new Map<string, Map<number, Fail>>();

  /** A take begins to wait; returns what to call when it no longer does. */
  add(requester: Requester, fail: Fail): () => void {
    const key = keyOf(requester);
    const calls = this.#sessions.get(key) ?? new Map<number, Fail>();
    const { sequence } = requester.requestId;
    this.#sessions.set(key, calls.set(sequence, fail));
    return () => {
      if (calls.get(sequence) !== fail) return;
      calls.delete(sequence);
      if (calls.size === 0 && this.#sessions.get(key) === calls) this.#sessions.delete(key);
    };
  }

  /**
   * Ends the waits that a new call takes the place of, or that its client no longer wants. Errors: invalid_argument (the id names a take,
   * and this is a call of another kind).
   */
  supersede(requester: Requester, kind: string): void {
    if (this.#sessions.size === 0) return;
    const { sequence, lowestUnanswered } = requester.requestId;
    for (const [waiting, fail] of this.#sessions.get(keyOf(requester)) ?? []) {
      if (waiting !== sequence && waiting >= lowestUnanswered) continue;
      if (waiting === sequence && kind !== 'take') {
        throw invalidArgument('requestId.sequence', `${sequence} names a take, this is a ${kind}`);
      }
      fail(superseded());
    }
  }
}

function keyOf({ tokenHash = '', requestId }: Requester): string {
  return `${tokenHash} ${requestId.session}`;
}

function superseded(): ServiceError {
  return new ServiceError(
    'aborted',
    'requestId: a retry has taken the place of this call, or its client gave it up',
  );
}

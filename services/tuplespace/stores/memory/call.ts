/**
 * Who makes a call on a space, and how it can end early.
 */
import type { Caller } from '../../caller.js';
import type { LeaseRequest, RequestId, SettleRequest, TakeRequest, WriteRequest } from '../../space.js';

export interface Call {
  readonly caller: Caller;
  /**
   * Throws once the caller may no longer do this. A call that waits asks again in the step that answers it.
   */
  readonly admit: () => void;
  readonly requestId: RequestId | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A call that changes tuples, as it came. */
export type UncheckedCall =
  | { readonly kind: 'write'; readonly request: WriteRequest }
  | { readonly kind: 'take'; readonly request: TakeRequest }
  | { readonly kind: 'settle'; readonly request: SettleRequest }
  | { readonly kind: 'lease'; readonly request: LeaseRequest };

/** Who writes, and when. */
export interface Author {
  readonly caller: Caller;
  readonly nowMs: number;
}

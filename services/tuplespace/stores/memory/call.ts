/**
 * Who makes a call on a space, and how it can end early.
 */
import type { Caller } from '../../caller.js';
import type { CheckedLease, CheckedSettle, CheckedTake, CheckedWrite } from '../../checks-request.js';
import type { SpaceLimits } from '../../limits.js';
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

/** Of a request as it was checked. */
export interface CheckedFacts<Body> {
  readonly space: string;
  readonly requestId: RequestId | undefined;
  /** Of the space; what was checked is good for as long as it has these. */
  readonly limits: SpaceLimits;
  readonly body: Body;
}

/** A request as it was checked: a copy, which its caller can no longer change. */
export class CheckedRequest<Body> {
  readonly space: string;
  readonly requestId: RequestId | undefined;
  readonly limits: SpaceLimits;
  readonly body: Body;

  constructor({ space, requestId, limits, body }: CheckedFacts<Body>) {
    this.space = space;
    this.requestId = requestId;
    this.limits = limits;
    this.body = body;
  }
}

/** A settle names its hold. */
export type CheckedSettlement = { readonly holdToken: string; readonly action: CheckedSettle };

/** A call that changes tuples, checked. */
export type CheckedCall =
  | { readonly kind: 'write'; readonly request: CheckedRequest<CheckedWrite> }
  | { readonly kind: 'take'; readonly request: CheckedRequest<CheckedTake> }
  | { readonly kind: 'settle'; readonly request: CheckedRequest<CheckedSettlement> }
  | { readonly kind: 'lease'; readonly request: CheckedRequest<CheckedLease> };

/** Who writes, and when. */
export interface Author {
  readonly caller: Caller;
  readonly nowMs: number;
}

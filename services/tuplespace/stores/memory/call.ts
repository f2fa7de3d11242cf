/**
 * Who makes a call on a space, and how it can end early.
 */
import type { Caller } from '../../caller.js';
import type { RequestId } from '../../space.js';

export interface Call {
  readonly caller: Caller;
  /**
   * Throws once the caller may no longer do this. A call that waits asks again in the step that answers it.
   */
  readonly admit: () => void;
  readonly requestId: RequestId | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Who writes, and when. */
export interface Author {
  readonly caller: Caller;
  readonly nowMs: number;
}

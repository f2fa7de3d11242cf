/**
 * What every store offers to the service and to the embedded composition: a life, and a `TupleSpace` for each caller.
 */
import type { TupleSpace } from './space.js';

export interface Store {
  /** Opens what the store needs. Errors: failed_precondition (weaker than declared), unavailable. */
  start(): Promise<void>;
  /** Ends every blocked call and every watch with unavailable, then closes. Idempotent. */
  stop(): Promise<void>;
  /**
   * The spaces as the holder of this token sees them; an empty token is the anonymous caller. Does not check the token:
   * each call does, inside its own step.
   */
  session(token: string): TupleSpace;
}

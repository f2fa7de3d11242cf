/**
 * What every store offers to the service and to the embedded composition: a life, and a `TupleSpace` for each caller.
 */
import type { StoreFigures } from './metrics.js';
import type { SpaceServiceInfo, TupleSpace } from './space.js';

/** Told when a store can no longer be reached, with what was wrong, and when it can again. */
export type HealthListener = (isServing: boolean, reason?: Error) => void;

/** What a store runs on and promises. */
export type StoreFacts = Pick<SpaceServiceInfo, 'backend' | 'durability' | 'findings'>;

export interface Store {
  /** Set where the tuples live in this process alone: what tells it from another one with tuples of its own. */
  readonly soleInstanceId?: string;
  /** Sets who is told; a store that cannot be lost tells nobody. */
  onHealth(listener: HealthListener): void;
  /** Opens what the store needs. Errors: failed_precondition (weaker than declared), unavailable. */
  start(): Promise<void>;
  /** Asked once it was started. */
  facts(): StoreFacts;
  /** What stands in it; undefined while it cannot be told. */
  figures(): StoreFigures | undefined;
  /** Ends every blocked call and every watch with unavailable, then closes. Idempotent. */
  stop(): Promise<void>;
  /**
   * The spaces as the holder of this token sees them; an empty token is the anonymous caller. Does not check the token:
   * each call does, inside its own step.
   */
  session(token: string): TupleSpace;
}

/** The same store with some of its parts replaced. */
export function storeWith(store: Store, parts: Partial<Pick<Store, 'onHealth' | 'session'>>): Store {
  return {
    ...(store.soleInstanceId === undefined ? {} : { soleInstanceId: store.soleInstanceId }),
    onHealth: (listener) => store.onHealth(listener),
    start: () => store.start(),
    stop: () => store.stop(),
    facts: () => store.facts(),
    figures: () => store.figures(),
    session: (token) => store.session(token),
    ...parts,
  };
}

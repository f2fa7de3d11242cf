/**
 * How a process reaches the spaces: a `Connect` gives a `TupleSpace` for a token. Embedded it is the store itself, otherwise a
 * client of the service; nothing above knows which.
 */
import type { TupleSpace } from './space.js';
import type { Store } from './store.js';

/** Gives the spaces as the holder of `token` sees them; an empty token is the anonymous caller. */
export type Connect = (token: string) => Connection;

export interface Connection {
  readonly space: TupleSpace;
  /** Ends what the connection still has under way. Idempotent. */
  close(): Promise<void>;
}

/** The embedded form: the store passed instead of the client. */
export function connectStore(store: Store): Connect {
  return (token) => ({ space: store.session(token), close: async () => {} });
}

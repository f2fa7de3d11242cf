/**
 * How a process reaches the spaces: a `Connect` gives a `TupleSpace` for a token. Embedded it is the store itself, otherwise a
 * client of the service; nothing above knows which.
 */
import { TupleSpaceClient, type TupleSpaceClientOptions } from './client.js';
import type { Replicas } from './replicas.js';
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

/** The remote form: a client for each token, all over the same connections to the replicas, which are the caller's to close. */
export function connectService(
  replicas: Replicas,
  options: Omit<TupleSpaceClientOptions, 'service' | 'token'> = {},
): Connect {
  return (token) => {
    const client = new TupleSpaceClient({ ...options, service: replicas, token });
    return { space: client, close: () => client.close() };
  };
}

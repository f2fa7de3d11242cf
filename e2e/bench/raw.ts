/**
 * The raw stores: the least work with which each could serve the calls of a space, with the same durability and as many calls to a
 * trip as its client can put there. They know a body by its key, and nothing of templates, waiters, revisions or retries.
 */

import { RawMemory } from './raw-memory.js';
import { RawPostgres } from './raw-postgres.js';
import { RawRedis } from './raw-redis.js';
import type { StoreName } from './stores.js';

export interface RawStore {
  write(entries: readonly RawEntry[]): Promise<unknown>;
  read(key: string): Promise<unknown>;
  /** Removes it. */
  take(key: string): Promise<unknown>;
  /** Takes one, blocked until it is there. Each key is used once. */
  takeBlocked(key: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface RawEntry {
  readonly key: string;
  readonly body: Buffer;
}

export async function openRaw(name: StoreName, url: string): Promise<RawStore> {
  switch (name) {
    case 'memory':
      return new RawMemory();
    case 'redis':
      return new RawRedis(url);
    case 'postgres':
      return new RawPostgres(url);
  }
}

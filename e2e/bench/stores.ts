/**
 * The stores that benchmarks run on, each as a process of this machine with durable commits, and the tuple space over them.
 */
import { systemClock } from '../../services/runtime/index.js';
import { MemoryStore, type Store } from '../../services/tuplespace/index.js';
import { PostgresLog } from '../../services/tuplespace/stores/postgres/index.js';
import { RedisLog } from '../../services/tuplespace/stores/redis/index.js';
import { type LogOpener, ReplicatedStore } from '../../services/tuplespace/stores/replica/index.js';
import { startPostgresServer } from '../../services/tuplespace/testing/postgres-server.js';
import { startRedisServer } from '../../services/tuplespace/testing/redis-server.js';

export const storeNames = ['memory', 'redis', 'postgres'] as const;
export type StoreName = (typeof storeNames)[number];

/** A running store; memory has no process and an empty URL. */
export interface RunningStore {
  readonly url: string;
  stop(): Promise<void>;
}

export async function runStore(name: StoreName): Promise<RunningStore> {
  switch (name) {
    case 'memory':
      return { url: '', stop: async () => {} };
    case 'redis':
      return startRedisServer();
    case 'postgres':
      return startPostgresServer();
  }
}

/** What a service stands on. */
export function openStore(name: StoreName, url: string): Store {
  const options = { clock: systemClock, version: 'bench' };
  if (name === 'memory') return new MemoryStore(options);
  return new ReplicatedStore({ ...options, opener: openerOf(name, url) });
}

function openerOf(name: Exclude<StoreName, 'memory'>, url: string): LogOpener {
  const options = { url, durability: 'power-loss', clock: systemClock } as const;
  return name === 'redis' ? new RedisLog(options) : new PostgresLog(options);
}

export function isStoreName(text: string): text is StoreName {
  return storeNames.some((name) => name === text);
}

/**
 * The stores that benchmarks run on, each as a process of this machine with durable commits, and the tuple space over them.
 */
import { systemClock } from '../../services/runtime/index.js';
import { MemoryStore, type Store } from '../../services/tuplespace/index.js';
import { RedisLog } from '../../services/tuplespace/stores/redis/index.js';
import { type LogOpener, ReplicatedStore } from '../../services/tuplespace/stores/replica/index.js';
import { startRedisServer } from '../../services/tuplespace/testing/redis-server.js';

export const storeNames = ['memory', 'redis'] as const;
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
  }
}

/** What a service stands on. */
export function openStore(name: StoreName, url: string): Store {
  const options = { clock: systemClock, version: 'bench' };
  if (name === 'memory') return new MemoryStore(options);
  return new ReplicatedStore({ ...options, opener: openerOf(name, url) });
}

function openerOf(_name: Exclude<StoreName, 'memory'>, url: string): LogOpener {
  return new RedisLog({ url, durability: 'power-loss', clock: systemClock });
}

export function isStoreName(text: string): text is StoreName {
  return storeNames.some((name) => name === text);
}

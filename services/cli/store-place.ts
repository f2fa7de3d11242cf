/**
 * Where the tuples are, in words.
 */
import type { StoreFacts } from '../tuplespace/index.js';

export function placeOf({ backend, durability }: Pick<StoreFacts, 'backend' | 'durability'>): string {
  const name = { memory: 'memory', redis: 'Redis', postgres: 'Postgres' }[backend];
  return `in ${name}, ${survival[durability]}`;
}

const survival: Readonly<Record<StoreFacts['durability'], string>> = {
  process: 'lost at exit',
  'store-process': 'kept, also if a process crashes',
  'power-loss': 'kept, also if the machine crashes',
};

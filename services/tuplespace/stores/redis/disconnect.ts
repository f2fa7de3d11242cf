/**
 * The end of a connection.
 */
import type { Redis } from 'ioredis';

/**
 * Closes it. One that broke before is left alone: ioredis would wait two seconds for it to close once more, and keep the process alive
 * meanwhile.
 */
export function disconnect(redis: Redis): void {
  if (redis.status !== 'close' && redis.status !== 'end') redis.disconnect();
}

/**
 * Redis without a service: strings by key, the commands of one turn of the event loop in one pipeline.
 */
import { Redis } from 'ioredis';
import type { RawEntry, RawStore } from './raw.js';

export class RawRedis implements RawStore {
  readonly #redis: Redis;
  readonly #blocked: Redis;

  constructor(url: string) {
    this.#redis = new Redis(url, { enableAutoPipelining: true });
    this.#blocked = new Redis(url);
  }

  write(entries: readonly RawEntry[]): Promise<unknown> {
    const [first] = entries;
    if (first === undefined) throw new Error('nothing to write');
    if (first.key.startsWith('blocked')) return this.#redis.lpush(first.key, first.body);
    if (entries.length === 1) return this.#redis.set(first.key, first.body);
    return this.#redis.mset(entries.flatMap(({ key, body }) => [key, body]));
  }

  read(key: string): Promise<unknown> {
    return this.#redis.getBuffer(key);
  }

  take(key: string): Promise<unknown> {
    return this.#redis.getdelBuffer(key);
  }

  takeBlocked(key: string): Promise<unknown> {
    return this.#blocked.blpopBuffer(key, 0);
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
    this.#blocked.disconnect();
  }
}

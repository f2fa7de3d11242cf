/**
 * The log in Redis 7 or later: a stream of entries, a hash for its head, lists for the snapshots.
 */
import { Redis } from 'ioredis';
import { type Clock, ServiceError } from '../../../runtime/index.js';
import type { Durability, LogEvents, LogOpener, OpenLog } from '../replica/index.js';
import { disconnect } from './disconnect.js';
import { judgeSettings, type RedisSettings } from './durability.js';
import { fromRedis } from './errors.js';
import { keysOf } from './keys.js';
import { OpenRedisLog } from './open-log.js';

export interface RedisLogOptions {
  /** `redis://host:port/database`, or `rediss://` for TLS. */
  readonly url: string;
  readonly password?: string | undefined;
  /** What the keys begin with; services with different ones share nothing. Default `byzantine`. */
  readonly prefix?: string;
  /** What an acknowledged write must survive. */
  readonly durability: Durability;
  readonly clock: Clock;
}

/** The layout of the keys; a service refuses a log of a later one. */
const schemaVersion = 1;

const connectTimeoutMs = 2_000;

export class RedisLog implements LogOpener {
  readonly #options: RedisLogOptions;
  readonly #place: string;

  constructor(options: RedisLogOptions) {
    this.#options = options;
    const { hostname, port } = new URL(options.url);
    this.#place = `${hostname}:${port === '' ? '6379' : port}`;
  }

  async open(events: LogEvents): Promise<OpenLog> {
    const { clock, durability, prefix = 'byzantine' } = this.#options;
    const keys = keysOf(prefix);
    const main = this.#connect();
    const listener = this.#connect();
    try {
      await Promise.all([main.connect(), listener.connect()]);
      const facts = judgeSettings(await settingsOf(main), durability);
      await checkSchema(main, keys.head);
      const log = new OpenRedisLog({ main, listener, keys, facts, clock, place: this.#place, events });
      await log.listen();
      return log;
    } catch (error) {
      disconnect(main);
      disconnect(listener);
      throw fromRedis(this.#cause(error, main), this.#place);
    }
  }

  /** A connection that ends for good when it breaks: what was under way on it is unknown, and must not be sent again. */
  #connect(): ConnectedRedis {
    const { url, password } = this.#options;
    const target = new URL(url);
    // What the URL says counts for ioredis: a user in it without a password is one with an empty one, whatever stands beside.
    if (password !== undefined) target.password = encodeURIComponent(password);
    const redis = new Redis(target.href, {
      lazyConnect: true,
      connectTimeout: connectTimeoutMs,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      protocol: 2,
    }) as ConnectedRedis;
    redis.on('error', (error: Error) => {
      redis.lastError = error;
    });
    return redis;
  }

  /** ioredis says only that a connection is closed; why was said before. */
  #cause(error: unknown, main: ConnectedRedis): unknown {
    const isVague = error instanceof Error && /connection is closed/i.test(error.message);
    return isVague && main.lastError !== undefined ? main.lastError : error;
  }
}

interface ConnectedRedis extends Redis {
  lastError?: Error;
}

async function settingsOf(redis: Redis): Promise<RedisSettings> {
  const facts = new Map(
    (await redis.info()).split('\r\n').map((line) => line.split(':', 2) as [string, string]),
  );
  const config = async (name: string) => ((await redis.config('GET', name)) as string[])[1] ?? 'unknown';
  return {
    version: facts.get('redis_version') ?? 'unknown',
    role: facts.get('role') ?? 'unknown',
    appendonly: await config('appendonly'),
    appendfsync: await config('appendfsync'),
    maxmemoryPolicy: await config('maxmemory-policy'),
  };
}

/** Notes our version in a new log. Errors: failed_precondition where a later one made it. */
async function checkSchema(redis: Redis, headKey: string): Promise<void> {
  await redis.hsetnx(headKey, 'schema', schemaVersion);
  const found = Number(await redis.hget(headKey, 'schema'));
  if (found <= schemaVersion) return;
  throw new ServiceError(
    'failed_precondition',
    `schema: the log in redis has version ${found}, this service knows up to ${schemaVersion}; start a newer service`,
  );
}

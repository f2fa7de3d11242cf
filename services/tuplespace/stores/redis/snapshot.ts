/**
 * Snapshots in Redis: the parts are a list under a name of its own, and the head tells which name counts.
 */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { ServiceError } from '../../../runtime/index.js';
import type { Snapshot } from '../replica/index.js';
import type { RedisKeys } from './keys.js';
import { adoptScript, unlockScript } from './scripts.js';

/** A writer that died holds the lock no longer than this; one that lives renews it with each part. */
const lockMs = 30_000;

export async function readRedisSnapshot(redis: Redis, keys: RedisKeys): Promise<Snapshot | undefined> {
  const [name, position] = await redis.hmget(keys.head, 'snapshot', 'snapshotPosition');
  if (!name) return undefined;
  return { position: Number(position), parts: partsOf(redis, keys.snapshot(name)) };
}

async function* partsOf(redis: Redis, key: string): AsyncGenerator<Uint8Array> {
  for (let i = 0; ; i++) {
    const [part] = await redis.lrangeBuffer(key, i, i);
    if (part === undefined) {
      // A snapshot ends with an empty part; without it, its key was replaced meanwhile.
      throw new ServiceError('aborted', 'the snapshot was replaced by a newer one');
    }
    if (part.length === 0) return;
    yield part;
  }
}

/** False when another replica writes one, or a newer one stands. */
export async function writeRedisSnapshot(
  redis: Redis,
  keys: RedisKeys,
  { position, parts }: Snapshot,
  keepCount: number,
): Promise<boolean> {
  const owner = randomUUID();
  if ((await redis.set(keys.lock, owner, 'PX', lockMs, 'NX')) === null) return false;
  try {
    const left = await redis.getset(keys.draft, owner);
    if (left) await redis.unlink(keys.snapshot(left));
    const key = keys.snapshot(owner);
    for await (const part of parts) await writePart(redis, keys, key, part);
    await redis.rpush(key, Buffer.alloc(0));
    const replaced = await redis.eval(
      adoptScript,
      3,
      keys.entries,
      keys.head,
      keys.lock,
      owner,
      owner,
      position,
      Math.max(0, position - keepCount),
    );
    if (typeof replaced !== 'string') {
      await redis.unlink(key);
      return false;
    }
    await redis.del(keys.draft);
    if (replaced !== '') await redis.unlink(keys.snapshot(replaced));
    return true;
  } finally {
    await redis.eval(unlockScript, 1, keys.lock, owner);
  }
}

async function writePart(redis: Redis, keys: RedisKeys, key: string, part: Uint8Array): Promise<void> {
  await redis.rpush(key, Buffer.from(part.buffer, part.byteOffset, part.length));
  await redis.pexpire(keys.lock, lockMs);
}

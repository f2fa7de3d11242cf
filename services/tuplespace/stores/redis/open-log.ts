/**
 * A log in Redis while its connections last: one for the calls, one that hears of growth.
 */
import type { Redis } from 'ioredis';
import { type Clock, ServiceError } from '../../../runtime/index.js';
import {
  type Appended,
  type LogEntry,
  type LogEvents,
  type LogFacts,
  Lookout,
  type OpenLog,
  type Pulled,
  pullMax,
  type Snapshot,
} from '../replica/index.js';
import { disconnect } from './disconnect.js';
import { fromRedis } from './errors.js';
import type { RedisKeys } from './keys.js';
import { appendScript, pullScript } from './scripts.js';
import { readRedisSnapshot, writeRedisSnapshot } from './snapshot.js';

export interface OpenRedisLogOptions {
  readonly main: Redis;
  readonly listener: Redis;
  readonly keys: RedisKeys;
  readonly facts: LogFacts;
  readonly clock: Clock;
  readonly place: string;
  readonly events: LogEvents;
}

/** An entry as Redis answers it: its id and its fields. */
type RawEntry = [id: Buffer, fields: [Buffer, Buffer, Buffer, Buffer]];

export class OpenRedisLog implements OpenLog {
  readonly #options: OpenRedisLogOptions;
  readonly #append: Script;
  readonly #pull: Script;
  readonly #lookout: Lookout;
  #isOver = false;

  constructor(options: OpenRedisLogOptions) {
    this.#options = options;
    const { main, listener, keys, clock, events } = options;
    this.#append = defineScript(main, keys, 'appendEntry', appendScript);
    this.#pull = defineScript(main, keys, 'pullEntries', pullScript);
    this.#lookout = new Lookout({
      clock,
      look: () => this.#head(),
      onGrowth: events.onGrowth,
      onSilence: () => this.#lose('it does not answer'),
    });
    for (const connection of [main, listener]) connection.on('end', () => this.#lose('the connection broke'));
  }

  get facts(): LogFacts {
    return this.#options.facts;
  }

  /** Begins to hear of growth. */
  async listen(): Promise<void> {
    const { listener, keys, events } = this.#options;
    listener.on('message', (_channel: string, position: string) => events.onGrowth(Number(position)));
    await listener.subscribe(keys.channel);
    this.#lookout.start();
  }

  async append(after: number, body: Uint8Array): Promise<Appended> {
    const { channel } = this.#options.keys;
    const [position, timeMs, missed] = await this.#run(() =>
      this.#append(after, pullMax, Buffer.from(body.buffer, body.byteOffset, body.length), channel),
    );
    return { position, timeMs, missed: missed.map(entryOf) };
  }

  async pull(after: number): Promise<Pulled> {
    const [headPosition, timeMs, entries] = await this.#run(() => this.#pull(after, pullMax));
    return { headPosition, timeMs, entries: entries.map(entryOf) };
  }

  readSnapshot(): Promise<Snapshot | undefined> {
    const { main, keys } = this.#options;
    return this.#run(() => readRedisSnapshot(main, keys));
  }

  writeSnapshot(snapshot: Snapshot, keepCount: number): Promise<boolean> {
    const { main, keys } = this.#options;
    return this.#run(() => writeRedisSnapshot(main, keys, snapshot, keepCount));
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#lookout.stop();
    const { main, listener } = this.#options;
    disconnect(main);
    disconnect(listener);
  }

  async #run<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const { place } = this.#options;
    if (this.#isOver) throw new ServiceError('unavailable', `the connection to redis at ${place} is closed`);
    try {
      const answer = await call();
      this.#lookout.heard();
      return answer;
    } catch (error) {
      throw fromRedis(error, place);
    }
  }

  async #head(): Promise<number> {
    const { main, keys } = this.#options;
    return Number((await main.hget(keys.head, 'position')) ?? 0);
  }

  #lose(why: string): void {
    if (this.#isOver) return;
    const { events, place } = this.#options;
    void this.close();
    events.onLost(new ServiceError('unavailable', `redis at ${place} was lost: ${why}`));
  }
}

type Script = (...parameters: (string | number | Buffer)[]) => Promise<[number, number, RawEntry[]]>;

/** A script that Redis keeps, called by its hash; texts come back as buffers. */
function defineScript(redis: Redis, keys: RedisKeys, name: string, lua: string): Script {
  redis.defineCommand(name, { lua, numberOfKeys: 2 });
  const commands = redis as unknown as Record<string, Script>;
  return (...parameters) => {
    const command = commands[`${name}Buffer`];
    if (command === undefined) throw new Error(`redis has no script ${name}`);
    return command.call(redis, keys.entries, keys.head, ...parameters);
  };
}

function entryOf([id, fields]: RawEntry): LogEntry {
  return { position: Number.parseInt(id.toString(), 10), timeMs: Number(fields[1]), body: fields[3] };
}

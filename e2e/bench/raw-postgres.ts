/**
 * Postgres without a service: bodies by key, the calls of one turn of the event loop in one statement, and so in one durable commit.
 */
import pg from 'pg';
import type { RawEntry, RawStore } from './raw.js';

interface Wanted {
  readonly key: string;
  readonly resolve: (body: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

export class RawPostgres implements RawStore {
  readonly #writer: pg.Client;
  readonly #reader: pg.Client;
  readonly #listener: pg.Client;
  readonly #ready: Promise<void>;
  readonly #writes: Batches<readonly RawEntry[]>;
  readonly #reads: Batches<string>;
  readonly #takes: Batches<string>;
  readonly #blocked = new Map<string, Wanted>();

  constructor(url: string) {
    const client = () => new pg.Client({ connectionString: url });
    this.#writer = client();
    this.#reader = client();
    this.#listener = client();
    this.#ready = this.#open();
    this.#writes = new Batches((batch) => this.#insert(batch.flat()).then(() => new Map()));
    this.#reads = new Batches((keys) =>
      this.#rows(this.#reader, 'SELECT key, body FROM raw WHERE key = ANY($1)', keys),
    );
    this.#takes = new Batches((keys) =>
      this.#rows(this.#writer, 'DELETE FROM raw WHERE key = ANY($1) RETURNING key, body', keys),
    );
  }

  write(entries: readonly RawEntry[]): Promise<unknown> {
    return this.#writes.add('', entries);
  }

  read(key: string): Promise<unknown> {
    return this.#reads.add(key, key);
  }

  take(key: string): Promise<unknown> {
    return this.#takes.add(key, key);
  }

  takeBlocked(key: string): Promise<unknown> {
    return new Promise((resolve, reject) => this.#blocked.set(key, { key, resolve, reject }));
  }

  async close(): Promise<void> {
    await Promise.all([this.#writer, this.#reader, this.#listener].map((client) => client.end()));
  }

  async #open(): Promise<void> {
    await Promise.all([this.#writer, this.#reader, this.#listener].map((client) => client.connect()));
    await this.#writer.query('CREATE TABLE raw (key text PRIMARY KEY, body bytea NOT NULL)');
    this.#listener.on('notification', ({ payload = '' }) => {
      const blocked = this.#blocked.get(payload);
      this.#blocked.delete(payload);
      if (blocked !== undefined) this.take(payload).then(blocked.resolve, blocked.reject);
    });
    await this.#listener.query('LISTEN raw');
  }

  async #insert(entries: readonly RawEntry[]): Promise<void> {
    await this.#ready;
    const keys = entries.map(({ key }) => key);
    const insert = `INSERT INTO raw SELECT * FROM unnest($1::text[], $2::bytea[])
      ON CONFLICT (key) DO UPDATE SET body = excluded.body`;
    await this.#writer.query(insert, [keys, entries.map(({ body }) => body)]);
    const blocked = keys.find((key) => this.#blocked.has(key));
    if (blocked !== undefined) await this.#writer.query("SELECT pg_notify('raw', $1)", [blocked]);
  }

  async #rows(client: pg.Client, text: string, keys: readonly string[]): Promise<Map<string, Buffer>> {
    await this.#ready;
    const { rows } = await client.query<{ key: string; body: Buffer }>({ name: text, text, values: [keys] });
    return new Map(rows.map(({ key, body }) => [key, body]));
  }
}

/** Calls that wait for the statement before them, to go together in the next. */
class Batches<Call> {
  readonly #run: (calls: readonly Call[]) => Promise<Map<string, Buffer>>;
  #waiting: (Wanted & { readonly call: Call })[] = [];
  #isRunning = false;

  constructor(run: (calls: readonly Call[]) => Promise<Map<string, Buffer>>) {
    this.#run = run;
  }

  add(key: string, call: Call): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, call, resolve, reject });
      if (this.#isRunning) return;
      this.#isRunning = true;
      setImmediate(() => void this.#drain());
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const bodies = await this.#run(batch.map(({ call }) => call));
        for (const { key, resolve } of batch) resolve(bodies.get(key));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isRunning = false;
  }
}

/**
 * A log in Postgres while its connections last: one appends, one reads, one keeps the snapshots, one hears of growth and tells of it.
 * No call waits for one of another kind.
 */
import type pg from 'pg';
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
import { fromPostgres } from './errors.js';
import { lockOf } from './locks.js';
import { readPostgresSnapshot, writePostgresSnapshot } from './snapshot.js';

export interface OpenPostgresLogOptions {
  readonly writer: pg.Client;
  readonly reader: pg.Client;
  readonly keeper: pg.Client;
  readonly listener: pg.Client;
  readonly schema: string;
  readonly facts: LogFacts;
  readonly clock: Clock;
  readonly place: string;
  readonly events: LogEvents;
}

interface EntryRow {
  readonly entry_position: string;
  readonly entry_time_ms: string;
  readonly entry_body: Buffer | null;
}

export class OpenPostgresLog implements OpenLog {
  readonly #options: OpenPostgresLogOptions;
  readonly #appendLock: string;
  readonly #lookout: Lookout;
  #isOver = false;
  /** Announced next; undefined when none is. */
  #toAnnounce: number | undefined;
  #isAnnouncing = false;

  constructor(options: OpenPostgresLogOptions) {
    this.#options = options;
    const { schema, clock, events } = options;
    this.#appendLock = lockOf(schema, 'append');
    this.#lookout = new Lookout({
      clock,
      look: () => this.#head(),
      onGrowth: events.onGrowth,
      onSilence: () => this.#lose('it does not answer'),
    });
    for (const client of this.#clients) client.on('end', () => this.#lose('the connection broke'));
  }

  get facts(): LogFacts {
    return this.#options.facts;
  }

  /** Begins to hear of growth. */
  async listen(): Promise<void> {
    const { listener, schema, events } = this.#options;
    listener.on('notification', ({ payload }) => events.onGrowth(Number(payload)));
    await listener.query(`LISTEN ${schema}_grown`);
    this.#lookout.start();
  }

  async append(after: number, body: Uint8Array): Promise<Appended> {
    const { writer, schema } = this.#options;
    const { rows } = await this.#run(() =>
      writer.query<EntryRow>({
        name: 'append',
        text: `SELECT * FROM ${schema}.append($1, $2, $3, $4)`,
        values: [after, pullMax, body, this.#appendLock],
      }),
    );
    const own = rows.pop();
    if (own === undefined)
      throw new ServiceError('internal', 'postgres: an append came back without its position');
    const position = Number(own.entry_position);
    this.#announce(position);
    return { position, timeMs: Number(own.entry_time_ms), missed: rows.map(entryOf) };
  }

  async pull(after: number): Promise<Pulled> {
    const { reader, schema } = this.#options;
    const { rows } = await this.#run(() =>
      reader.query<PullRow>({ name: 'pull', text: pullText(schema), values: [after, pullMax] }),
    );
    const entries = rows.flatMap((row) => (row.entry_body === null ? [] : [entryOf(row)]));
    const [first] = rows;
    const headPosition = Number(first?.head_position ?? 0);
    const next = entries[0]?.position ?? headPosition + 1;
    if (next !== after + 1) {
      throw new ServiceError(
        'out_of_range',
        `the log goes on from ${next} to ${headPosition}, not from ${after}`,
      );
    }
    const timeMs = Math.max(Number(first?.now_ms), Number(first?.head_time_ms ?? 0));
    return { entries, headPosition, timeMs };
  }

  readSnapshot(): Promise<Snapshot | undefined> {
    const { keeper, schema } = this.#options;
    return this.#run(() => readPostgresSnapshot(keeper, schema));
  }

  writeSnapshot(snapshot: Snapshot, keepCount: number): Promise<boolean> {
    const { keeper, schema } = this.#options;
    return this.#run(() => writePostgresSnapshot(keeper, schema, snapshot, keepCount));
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#lookout.stop();
    // A store that hangs takes no leave: the sockets are closed without one.
    for (const { connection } of this.#clients) connection.stream.destroy();
  }

  get #clients(): pg.Client[] {
    const { writer, reader, keeper, listener } = this.#options;
    return [writer, reader, keeper, listener];
  }

  async #run<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const { place } = this.#options;
    if (this.#isOver)
      throw new ServiceError('unavailable', `the connection to postgres at ${place} is closed`);
    try {
      return await call();
    } catch (error) {
      throw fromPostgres(error, place);
    }
  }

  /** Tells the others that the log has grown. Not in the append's own transaction, which all appends would then wait for. */
  #announce(position: number): void {
    this.#toAnnounce = position;
    if (this.#isAnnouncing) return;
    this.#isAnnouncing = true;
    void this.#announceAll().finally(() => {
      this.#isAnnouncing = false;
    });
  }

  async #announceAll(): Promise<void> {
    const { listener, schema } = this.#options;
    for (
      let position = this.#toAnnounce;
      position !== undefined && !this.#isOver;
      position = this.#toAnnounce
    ) {
      this.#toAnnounce = undefined;
      const values = [`${schema}_grown`, String(position)];
      // Only a hint: where it fails, the connection is lost, which its end tells.
      await listener.query({ name: 'announce', text: 'SELECT pg_notify($1, $2)', values }).catch(() => {});
    }
  }

  async #head(): Promise<number> {
    const { listener, schema } = this.#options;
    const { rows } = await listener.query<{ position: string | null }>(
      `SELECT position FROM ${schema}.log ORDER BY position DESC LIMIT 1`,
    );
    return Number(rows[0]?.position ?? 0);
  }

  #lose(why: string): void {
    if (this.#isOver) return;
    const { events, place } = this.#options;
    void this.close();
    events.onLost(new ServiceError('unavailable', `postgres at ${place} was lost: ${why}`));
  }
}

interface PullRow extends EntryRow {
  readonly head_position: string | null;
  readonly head_time_ms: string | null;
  readonly now_ms: string;
}

/**
 * One statement sees one state. The head comes with every row, and with one where there is no entry. It looks at neither end of what
 * was forgotten: deleted rows lie there for as long as any transaction of the database is open.
 */
function pullText(schema: string): string {
  return `
    SELECT head.position AS head_position, head.time_ms AS head_time_ms,
      floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms,
      entry.position AS entry_position, entry.time_ms AS entry_time_ms, entry.body AS entry_body
    FROM (SELECT 1) AS one
    LEFT JOIN (SELECT position, time_ms FROM ${schema}.log ORDER BY position DESC LIMIT 1) AS head ON true
    LEFT JOIN (
      SELECT position, time_ms, body FROM ${schema}.log WHERE position > $1 ORDER BY position LIMIT $2
    ) AS entry ON true
    ORDER BY entry.position`;
}

function entryOf({ entry_position, entry_time_ms, entry_body }: EntryRow): LogEntry {
  return {
    position: Number(entry_position),
    timeMs: Number(entry_time_ms),
    body: entry_body ?? Buffer.alloc(0),
  };
}

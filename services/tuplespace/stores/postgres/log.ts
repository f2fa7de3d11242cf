/**
 * The log in Postgres 15 or later: a table of entries, and two for the snapshots, in a schema of their own.
 */
import pg from 'pg';
import { type Clock, ServiceError } from '../../../runtime/index.js';
import type { Durability, LogEvents, LogOpener, OpenLog } from '../replica/index.js';
import { judgeSettings, type PostgresSettings } from './durability.js';
import { fromPostgres } from './errors.js';
import { migrate } from './migrate.js';
import { OpenPostgresLog } from './open-log.js';

export interface PostgresLogOptions {
  /** `postgres://user@host:port/database`. */
  readonly url: string;
  readonly password?: string | undefined;
  /** The schema that the tables are in; services with different ones share nothing. Default `byzantine`. */
  readonly schema?: string;
  /** What an acknowledged write must survive. */
  readonly durability: Durability;
  readonly clock: Clock;
}

const connectTimeoutMs = 2_000;

export class PostgresLog implements LogOpener {
  readonly #options: PostgresLogOptions;
  readonly #schema: string;
  readonly #place: string;

  /** Errors: invalid_argument (the schema's name). */
  constructor(options: PostgresLogOptions) {
    this.#options = options;
    this.#schema = options.schema ?? 'byzantine';
    if (!/^[a-z_][a-z0-9_]{0,50}$/.test(this.#schema)) {
      throw new ServiceError(
        'invalid_argument',
        `schema: "${this.#schema}" is none, allowed are a-z, 0-9 and _`,
      );
    }
    const { hostname, port, pathname } = new URL(options.url);
    this.#place = `${hostname}:${port === '' ? '5432' : port}${pathname}`;
  }

  async open(events: LogEvents): Promise<OpenLog> {
    const { clock, durability } = this.#options;
    const schema = this.#schema;
    const clients = {
      writer: this.#client(),
      reader: this.#client(),
      keeper: this.#client(),
      listener: this.#client(),
    };
    const all = Object.values(clients);
    try {
      await Promise.all(all.map((client) => client.connect()));
      // Of the appends, each statement of which sees what was committed before it; hints need not wait for the disk.
      await clients.writer.query('SET synchronous_commit = on');
      await clients.writer.query("SET default_transaction_isolation = 'read committed'");
      await clients.listener.query('SET synchronous_commit = off');
      const facts = judgeSettings(await settingsOf(clients.writer), durability);
      await migrate(clients.writer, schema);
      const log = new OpenPostgresLog({ ...clients, schema, facts, clock, place: this.#place, events });
      await log.listen();
      return log;
    } catch (error) {
      await Promise.allSettled(all.map((client) => client.end()));
      throw fromPostgres(error, this.#place);
    }
  }

  #client(): pg.Client {
    const { url, password } = this.#options;
    const target = new URL(url);
    // What the URL says counts for pg, and nothing beside it.
    if (password !== undefined) target.password = encodeURIComponent(password);
    const client = new pg.Client({
      connectionString: target.href,
      // Calls are sent as they come; Postgres answers them in their order, each in a transaction of its own.
      pipeline: true,
      application_name: 'byzantine-tuplespace',
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    });
    // What breaks a connection is told by its end.
    client.on('error', () => {});
    return client;
  }
}

async function settingsOf(client: pg.Client): Promise<PostgresSettings> {
  const { rows } = await client.query<Record<'version' | 'fsync' | 'pages' | 'sync' | 'recovery', string>>(
    `SELECT current_setting('server_version_num') AS version, current_setting('fsync') AS fsync,
      current_setting('full_page_writes') AS pages, current_setting('synchronous_commit') AS sync,
      pg_is_in_recovery()::text AS recovery`,
  );
  const [row] = rows;
  return {
    version: Number(row?.version),
    fsync: row?.fsync ?? 'unknown',
    fullPageWrites: row?.pages ?? 'unknown',
    synchronousCommit: row?.sync ?? 'unknown',
    isInRecovery: row?.recovery === 'true',
  };
}

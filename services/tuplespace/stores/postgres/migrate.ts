/**
 * Brings the tables of a schema up to date, once, however many replicas start together.
 */
import type pg from 'pg';
import { ServiceError } from '../../../runtime/index.js';
import { lockOf } from './locks.js';
import { migrations } from './migrations.js';

/** Errors: failed_precondition where a later version of the service has migrated the schema. */
export async function migrate(client: pg.Client, schema: string): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [lockOf(schema, 'migrate')]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${schema}.migration
        (version int PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const { rows } = await client.query<{ version: number }>(
      `SELECT coalesce(max(version), 0) AS version FROM ${schema}.migration`,
    );
    const version = rows[0]?.version ?? 0;
    if (version > migrations.length) throw tooNew(schema, version);
    for (const [i, migration] of migrations.entries()) {
      if (i < version) continue;
      await client.query(migration(schema));
      await client.query(`INSERT INTO ${schema}.migration (version) VALUES ($1)`, [i + 1]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

function tooNew(schema: string, version: number): ServiceError {
  return new ServiceError(
    'failed_precondition',
    `schema "${schema}" has version ${version}, this service knows up to ${migrations.length}; start a newer service`,
  );
}

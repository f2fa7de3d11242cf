/**
 * Snapshots in Postgres: parts under a name, and a row that says when they are whole.
 */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { ServiceError } from '../../../runtime/index.js';
import type { Snapshot } from '../replica/index.js';
import { lockOf } from './locks.js';

/** Entries that are deleted by one statement. */
const forgetCount = 10_000;

export async function readPostgresSnapshot(client: pg.Client, schema: string): Promise<Snapshot | undefined> {
  const { rows } = await client.query<{ name: string; position: string }>(
    `SELECT name, position FROM ${schema}.snapshot WHERE is_whole ORDER BY position DESC LIMIT 1`,
  );
  const [newest] = rows;
  return newest && { position: Number(newest.position), parts: partsOf(client, schema, newest.name) };
}

async function* partsOf(client: pg.Client, schema: string, name: string): AsyncGenerator<Uint8Array> {
  for (let i = 0; ; i++) {
    const { rows } = await client.query<{ body: Buffer }>({
      name: 'snapshot-part',
      text: `SELECT body FROM ${schema}.snapshot_part WHERE name = $1 AND part = $2`,
      values: [name, i],
    });
    const [part] = rows;
    if (part === undefined) {
      // A snapshot ends with an empty part; without it, it was replaced meanwhile.
      throw new ServiceError('aborted', 'the snapshot was replaced by a newer one');
    }
    if (part.body.length === 0) return;
    yield part.body;
  }
}

/** False when another replica writes one, or a newer one stands. */
export async function writePostgresSnapshot(
  client: pg.Client,
  schema: string,
  { position, parts }: Snapshot,
  keepCount: number,
): Promise<boolean> {
  const lock = lockOf(schema, 'snapshot');
  const { rows } = await client.query<{ is_ours: boolean }>('SELECT pg_try_advisory_lock($1) AS is_ours', [
    lock,
  ]);
  if (rows[0]?.is_ours !== true) return false;
  try {
    if (await hasNewer(client, schema, position)) return false;
    await clear(client, schema);
    const name = randomUUID();
    await client.query(`INSERT INTO ${schema}.snapshot VALUES ($1, $2, false)`, [name, position]);
    let count = 0;
    for await (const part of parts) {
      await writePart(client, schema, { name, part: count, body: part });
      count += 1;
    }
    await writePart(client, schema, { name, part: count, body: Buffer.alloc(0) });
    await client.query(`UPDATE ${schema}.snapshot SET is_whole = true WHERE name = $1`, [name]);
    await clear(client, schema);
    await forget(client, schema, position - keepCount);
    return true;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [lock]);
  }
}

async function hasNewer(client: pg.Client, schema: string, position: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM ${schema}.snapshot WHERE is_whole AND position >= $1`,
    [position],
  );
  return (rowCount ?? 0) > 0;
}

/** Removes all snapshots but the newest whole one: those that it replaced, and those that were never ended. */
async function clear(client: pg.Client, schema: string): Promise<void> {
  await client.query(
    `WITH newest AS (SELECT name FROM ${schema}.snapshot WHERE is_whole ORDER BY position DESC LIMIT 1),
      gone AS (DELETE FROM ${schema}.snapshot WHERE name NOT IN (SELECT name FROM newest))
    DELETE FROM ${schema}.snapshot_part WHERE name NOT IN (SELECT name FROM newest)`,
  );
}

async function writePart(
  client: pg.Client,
  schema: string,
  { name, part, body }: { name: string; part: number; body: Uint8Array },
): Promise<void> {
  const text = `INSERT INTO ${schema}.snapshot_part VALUES ($1, $2, $3)`;
  await client.query({ name: 'write-part', text, values: [name, part, body] });
}

/** Deletes the entries up to a position, never the newest: positions go on from it. Each statement looks at its own stretch only. */
async function forget(client: pg.Client, schema: string, position: number): Promise<void> {
  const { rows } = await client.query<{ oldest: string; newest: string }>(
    `SELECT min(position) AS oldest, max(position) AS newest FROM ${schema}.log`,
  );
  const last = Math.min(position, Number(rows[0]?.newest ?? 0) - 1);
  for (let from = Number(rows[0]?.oldest ?? 0); from <= last; from += forgetCount) {
    const to = Math.min(last, from + forgetCount - 1);
    await client.query(`DELETE FROM ${schema}.log WHERE position BETWEEN $1 AND $2`, [from, to]);
  }
}

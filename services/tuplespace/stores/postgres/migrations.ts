/**
 * The tables of the log, and how they came to be. Migrations are numbered and only ever added to; a database that has more of them than
 * this list is refused.
 *
 * Entries are only inserted, and deleted in bulk once a snapshot stands for them. There is no row that every append updates: its dead
 * versions could not be cleared away while some other transaction stays open, and every append would walk over all of them.
 */
export type Migration = (schema: string) => string;

export const migrations: readonly Migration[] = [
  (schema) => `
    CREATE TABLE ${schema}.log (
      position bigint PRIMARY KEY,
      time_ms bigint NOT NULL,
      body bytea NOT NULL
    ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
    CREATE TABLE ${schema}.snapshot (
      name uuid PRIMARY KEY,
      position bigint NOT NULL,
      is_whole boolean NOT NULL
    );
    CREATE TABLE ${schema}.snapshot_part (
      name uuid NOT NULL,
      part int NOT NULL,
      body bytea NOT NULL,
      PRIMARY KEY (name, part)
    ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 100);

    -- One append: the lock is held until the commit, so positions are gapless and in the order of commit, and the clock is read under it.
    -- Every statement of a volatile function sees what was committed when it begins.
    CREATE FUNCTION ${schema}.append(after bigint, page int, new_body bytea, lock bigint)
    RETURNS TABLE (entry_position bigint, entry_time_ms bigint, entry_body bytea) LANGUAGE plpgsql VOLATILE AS $$
    DECLARE
      head_position bigint;
      head_time_ms bigint;
    BEGIN
      PERFORM pg_advisory_xact_lock(lock);
      SELECT l.position, l.time_ms INTO head_position, head_time_ms FROM ${schema}.log l ORDER BY l.position DESC LIMIT 1;
      head_position := coalesce(head_position, 0);
      head_time_ms := greatest(coalesce(head_time_ms, 0), floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint);
      IF after < head_position THEN
        RETURN QUERY SELECT l.position, l.time_ms, l.body FROM ${schema}.log l
          WHERE l.position > after ORDER BY l.position LIMIT page;
      END IF;
      INSERT INTO ${schema}.log VALUES (head_position + 1, head_time_ms, new_body);
      RETURN QUERY SELECT head_position + 1, head_time_ms, NULL::bytea;
    END $$;
  `,
];

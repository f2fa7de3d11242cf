/**
 * The flags that say where the tuples are kept, of every command that has a store in its process.
 */
import type { Command } from 'commander';

export interface StoreOptions {
  readonly backend?: string;
  readonly redisUrl?: string;
  readonly redisPasswordFile?: string;
  readonly postgresUrl?: string;
  readonly postgresPasswordFile?: string;
  readonly durability?: string;
}

export function addStoreOptions(command: Command): Command {
  return command
    .option('--backend <name>', 'memory, redis or postgres (byzantine.tuplespace_backend)')
    .option('--redis-url <url>', 'where Redis is: redis://host:port (byzantine.redis_url)')
    .option('--redis-password-file <path>', 'file with its password (byzantine.redis_password_file)')
    .option(
      '--postgres-url <url>',
      'where Postgres is: postgres://user@host:port/db (byzantine.postgres_url)',
    )
    .option('--postgres-password-file <path>', 'file with its password (byzantine.postgres_password_file)')
    .option('--durability <name>', 'what a write must survive (tuplespace.durability)');
}

/**
 * Stores for the process driver: a server of this machine with a password, and the BYZANTINE_* variables by which services find it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgresServer } from '../../services/tuplespace/testing/postgres-server.js';
import { startRedisServer } from '../../services/tuplespace/testing/redis-server.js';
import type { StoreServer } from '../../services/tuplespace/testing/server-process.js';

export type StoreName = 'redis' | 'postgres';

export interface DeployedStore {
  readonly server: StoreServer;
  readonly env: Readonly<Record<string, string>>;
  /** Idempotent. */
  stop(): Promise<void>;
}

export const storePassword = 'a password of the tests';

/** Errors: where the server's program is not there, with what to install. */
export async function startStore(name: StoreName): Promise<DeployedStore> {
  const password = storePassword;
  const server = await (name === 'redis'
    ? startRedisServer({ password })
    : startPostgresServer({ password }));
  const folder = await mkdtemp(join(tmpdir(), 'byzantine-secrets-'));
  const file = join(folder, 'password');
  await writeFile(file, password, { mode: 0o600 });
  const variable = `BYZANTINE_${name.toUpperCase()}`;
  return {
    server,
    env: {
      BYZANTINE_TUPLESPACE_BACKEND: name,
      [`${variable}_URL`]: server.url,
      [`${variable}_PASSWORD_FILE`]: file,
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

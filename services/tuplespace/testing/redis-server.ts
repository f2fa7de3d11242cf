/**
 * Redis as a process of this machine.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { type StoreServer, startServer } from './server-process.js';

export interface RedisServerOptions {
  /** Default `always`. */
  readonly appendfsync?: 'always' | 'everysec' | 'no';
  readonly password?: string;
  /** Folder that its own one is made in; default: the system's temporary one. */
  readonly root?: string;
  /** Variables of its process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** More settings by name, as in redis.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Errors: where there is no redis-server, with what to install. */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<StoreServer> {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    throw new Error('redis-server is not there: install it, on Debian by `apt-get install redis-server`');
  }
  const { appendfsync = 'always', password, env, root = tmpdir(), settings = {} } = options;
  const directory = await mkdtemp(join(root, 'byzantine-redis-'));
  const port = await freePort();
  const all = {
    bind: '127.0.0.1',
    port: String(port),
    dir: directory,
    save: '',
    appendonly: 'yes',
    appendfsync,
    'maxmemory-policy': 'noeviction',
    ...(password !== undefined && { requirepass: password }),
    ...settings,
  };
  const parameters = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  const url = `redis://127.0.0.1:${port}`;
  return startServer({ command: 'redis-server', parameters, env, directory, port, url });
}

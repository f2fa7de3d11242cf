/**
 * Postgres as a process of this machine.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { type StoreServer, startServer } from './server-process.js';

export interface PostgresServerOptions {
  /** Settings by name, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder that its own one is made in; default: the system's temporary one. */
  readonly root?: string;
  /** Variables of its processes. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Asked for from every client; absent: none is. */
  readonly password?: string;
}

/** Errors: where there is no Postgres, with what to install. */
export async function startPostgresServer(options: PostgresServerOptions = {}): Promise<StoreServer> {
  const { settings = {}, env, root = tmpdir(), password } = options;
  const binaries = findBinaries();
  const owner = process.getuid?.() === 0 ? idsOf('postgres') : undefined;
  const directory = await mkdtemp(join(root, 'byzantine-postgres-'));
  await chmod(directory, 0o755);
  if (owner !== undefined) await chown(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  initialize(join(binaries, 'initdb'), { data, directory, owner, password });
  const port = await freePort();
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: directory,
    shared_buffers: '64MB',
    ...settings,
  };
  const parameters = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return startServer({
    command: join(binaries, 'postgres'),
    parameters: ['-D', data, ...parameters],
    env,
    directory,
    port,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    owner,
    // A crash leaves it behind, with the number of a process that another may have by now.
    prepare: () => rm(join(data, 'postmaster.pid'), { force: true }),
    isReady: () =>
      spawnSync(join(binaries, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]).status === 0,
  });
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

function initialize(
  initdb: string,
  {
    data,
    directory,
    owner,
    password,
  }: { data: string; directory: string; owner?: Owner | undefined; password: string | undefined },
): void {
  const passwordFile = join(directory, 'password');
  if (password !== undefined) writeFileSync(passwordFile, password);
  const auth =
    password === undefined ? ['--auth=trust'] : ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const parameters = ['-D', data, '-U', 'postgres', '--no-sync', '--encoding=UTF8', '--locale=C', ...auth];
  const done = spawnSync(initdb, parameters, {
    ...owner,
    cwd: directory,
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`initdb failed: ${done.stderr || String(done.error)}`);
}

/** Where the newest Postgres of this machine is. */
function findBinaries(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root)
    ? readdirSync(root).sort((left, right) => Number(right) - Number(left))
    : [];
  const found = [
    ...versions.map((version) => join(root, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ].find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
  if (found === undefined)
    throw new Error('postgres is not there: install it, on Debian by `apt-get install postgresql`');
  return found;
}

function idsOf(user: string): Owner {
  const id = (flag: string) => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

/**
 * A store's server as a process of this machine, for tests and benchmarks: on a free port, with its files in a directory of its own,
 * and with the faults that a store can suffer.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';

/** A running server of a store. */
export interface StoreServer {
  /** What a service connects to. */
  readonly url: string;
  readonly port: number;
  /** Ends it as a crash does, and returns when it is gone. */
  kill(): Promise<void>;
  /** Starts it anew on the same port and files. */
  restart(): Promise<void>;
  /** Stops it in its tracks; it keeps its connections and answers nothing. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its files. Idempotent. */
  stop(): Promise<void>;
}

export interface ServerPlan {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly directory: string;
  readonly port: number;
  readonly url: string;
  /** User and group that it runs as; absent: this process's. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  /** Variables beside this process's own. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Called before each start. */
  readonly prepare?: () => Promise<void>;
  /** Whether it is ready, once it takes connections; default: it is. */
  readonly isReady?: () => boolean;
}

/** Starts a server and waits until it takes connections. Errors: what it wrote, where it ended instead. */
export async function startServer(plan: ServerPlan): Promise<StoreServer> {
  let child = await launch(plan);
  let isStopped = false;
  const end = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const isOver = child.exitCode !== null || child.signalCode !== null;
    if (isOver) return;
    signalAll(child, 'SIGKILL');
    await gone;
  };
  return {
    url: plan.url,
    port: plan.port,
    kill: end,
    restart: async () => {
      await end();
      child = await launch(plan);
    },
    pause: () => signalAll(child, 'SIGSTOP'),
    resume: () => signalAll(child, 'SIGCONT'),
    stop: async () => {
      if (isStopped) return;
      isStopped = true;
      await end();
      await rm(plan.directory, { recursive: true, force: true });
    },
  };
}

/** A server's children may be in groups of their own, as Postgres' are. The server first: stopped, it makes no more of them. */
function signalAll({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  const children = () =>
    spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter(Boolean);
  const before = children();
  process.kill(pid, signal);
  for (const each of signal === 'SIGKILL' ? before : children()) {
    try {
      process.kill(Number(each), signal);
    } catch {
      // It ended meanwhile.
    }
  }
}

async function launch(plan: ServerPlan): Promise<ChildProcess> {
  await plan.prepare?.();
  const { command, parameters, owner } = plan;
  const env = { ...process.env, ...plan.env };
  // A group of its own, so that no signal to the tests' group ends it before its time.
  const child = spawn(command, parameters, {
    ...owner,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const note = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-2_000);
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  const ended = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}: ${output}`)));
  });
  ended.catch(() => {});
  const attempts = { isOver: false };
  try {
    await Promise.race([ended, listening(plan, attempts)]);
  } finally {
    attempts.isOver = true;
  }
  // A test that ends without stopping it leaves no server behind.
  const endWithUs = (): void => signalAll(child, 'SIGKILL');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  return child;
}

/** Resolves when it takes connections and is ready. */
async function listening(
  { port, isReady = () => true }: ServerPlan,
  attempts: { isOver: boolean },
): Promise<void> {
  while (!attempts.isOver) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (isOpen && isReady()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * The process driver: each service is a process of its own, started as a person would start it, on free ports of loopback.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { systemClock, waitUntilServing } from '../../services/runtime/index.js';
import { freePort } from '../../services/tuplespace/testing/free-port.js';
import type { Deployment } from './deployment.js';
import { Link } from './link.js';

/** One started service. */
export interface ServiceProcess {
  readonly name: string;
  readonly address: string;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** What it has logged so far, before a restart too. */
  log(): string;
  /** Resolves with the exit code once it has ended, by itself or not. */
  readonly exited: Promise<number | null>;
  /** Stops it in its tracks; it keeps its connections and answers nothing. */
  pause(): void;
  resume(): void;
  /** Starts the same command on the same address again, once it has ended, and waits until it serves. */
  restart(): Promise<void>;
  /** Sends the signal and waits for the end; gives the exit code and how long it took. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<{ readonly code: number | null; readonly tookMs: number }>;
}

export interface NodeProcess extends ServiceProcess {
  /** Its ways to the replicas of the space, to be cut; none unless the deployment has links. */
  readonly links: readonly Link[];
}

export interface ProcessDeployment extends Deployment {
  readonly services: {
    /** The replicas of the tuple space. */
    readonly tuplespaces: readonly ServiceProcess[];
    readonly orchestrator: ServiceProcess;
    readonly nodes: readonly NodeProcess[];
  };
}

export interface ProcessOptions {
  readonly nodeCount: number;
  /** Generals that node i brings by its own list; absent: any. */
  readonly generalsOf?: (index: number) => readonly string[];
  /** Replicas of the tuple space; default 1. More than one need a store that they share. */
  readonly replicaCount?: number;
  /** Each node reaches the space by links of its own. */
  readonly hasLinks?: true;
  /** More BYZANTINE_* variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The built command line; tests and benchmarks run from the project's folder. */
const main = resolve('dist/services/cli/main.js');
const startMsMax = 45_000;

/** Starts the tuple space, an orchestrator and the nodes, and waits until all of them serve. */
export async function startProcesses(options: ProcessOptions): Promise<ProcessDeployment> {
  const started: ServiceProcess[] = [];
  const start = async (name: string, args: readonly string[]): Promise<ServiceProcess> => {
    const address = `127.0.0.1:${await freePort()}`;
    const service = startService(name, [...args, '--address', address], { ...options.env, address });
    started.push(service);
    await untilServing(service);
    return service;
  };
  const links: Link[] = [];
  const stop = async (): Promise<void> => {
    for (const service of started) service.resume();
    await Promise.all(started.toReversed().map((service) => service.end('SIGTERM')));
    await Promise.all(links.splice(0).map((link) => link.close()));
  };
  try {
    const tuplespaces = await Promise.all(
      Array.from({ length: options.replicaCount ?? 1 }, (_, i) =>
        start(`tuplespace${i + 1}`, ['tuplespace']),
      ),
    );
    const tuplespace = tuplespaces.map(({ address }) => address).join(',');
    const nodes = await Promise.all(
      Array.from({ length: options.nodeCount }, async (_, i): Promise<NodeProcess> => {
        const generals = options.generalsOf?.(i) ?? [];
        const list = generals.length === 0 ? [] : ['--generals', generals.join(',')];
        const own = options.hasLinks ? await Promise.all(tuplespaces.map(linkTo)) : [];
        links.push(...own);
        const ways = own.length === 0 ? tuplespace : own.map(({ port }) => `127.0.0.1:${port}`).join(',');
        const args = ['general-node', '--node-id', `node${i + 1}`, '--tuplespace', ways, ...list];
        return Object.assign(await start(`node${i + 1}`, args), { links: own });
      }),
    );
    const { BYZANTINE_DASHBOARD_ADDRESS: dashboard = 'off' } = options.env ?? {};
    const args = ['orchestrator', '--tuplespace', tuplespace, '--dashboard', dashboard];
    const orchestrator = await start('orchestrator', args);
    return {
      orchestrator: orchestrator.address,
      tuplespace,
      nodeCount: options.nodeCount,
      services: { tuplespaces, orchestrator, nodes },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits until a service serves. Errors: what it has logged, when it does not within 20 s. */
export async function untilServing(service: ServiceProcess): Promise<void> {
  const { name, address } = service;
  const signal = AbortSignal.timeout(startMsMax);
  await waitUntilServing({ address }, { clock: systemClock, signal }).catch((error: unknown) => {
    throw new Error(`${name} did not start; its log:\n${service.log()}`, { cause: error });
  });
}

/** Kills what was started and has not ended, and waits for it. */
export async function endAll(): Promise<void> {
  await Promise.all([...live].map((service) => service.end('SIGKILL')));
}

const live = new Set<ServiceProcess>();

/** Starts one command of `byz`; `env` holds BYZANTINE_* variables. */
export function startService(
  name: string,
  args: readonly string[],
  { address, ...env }: Readonly<Record<string, string>> & { readonly address: string },
): ServiceProcess {
  let log = '';
  const launch = (): Launched => {
    const child = spawn(process.execPath, [main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (chunk: Buffer) => {
        log += chunk.toString();
      });
    }
    const exited = once(child, 'exit').then(() => child.exitCode);
    live.add(service);
    void exited.then(() => live.delete(service));
    return { child, exited };
  };
  const service: ServiceProcess = {
    name,
    address,
    get pid() {
      return running.child.pid ?? -1;
    },
    log: () => log,
    get exited() {
      return running.exited;
    },
    pause: () => signal(running, 'SIGSTOP'),
    resume: () => signal(running, 'SIGCONT'),
    async restart() {
      await running.exited;
      running = launch();
      await untilServing(service);
    },
    end: (name) => endProcess(running, name),
  };
  let running = launch();
  return service;
}

interface Launched {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
}

function signal({ child }: Launched, name: NodeJS.Signals): void {
  if (child.exitCode === null && child.signalCode === null) child.kill(name);
}

async function endProcess(
  running: Launched,
  name: 'SIGTERM' | 'SIGKILL',
): Promise<{ code: number | null; tookMs: number }> {
  const startedMs = performance.now();
  signal(running, name);
  return { code: await running.exited, tookMs: performance.now() - startedMs };
}

function linkTo({ address }: ServiceProcess): Promise<Link> {
  return Link.open(Number(address.split(':')[1]));
}

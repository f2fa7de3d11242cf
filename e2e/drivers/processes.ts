/**
 * The process driver: each service is a process of its own, started as a person would start it, on free ports of loopback.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { systemClock, waitUntilServing } from '../../services/runtime/index.js';
import type { Deployment } from './deployment.js';
import { freePort } from './deployment.js';

/** One started service. */
export interface ServiceProcess {
  readonly name: string;
  readonly address: string;
  readonly pid: number;
  /** What it has logged so far. */
  log(): string;
  /** Resolves with the exit code once it has ended, by itself or not. */
  readonly exited: Promise<number | null>;
  /** Sends the signal and waits for the end; gives the exit code and how long it took. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<{ readonly code: number | null; readonly tookMs: number }>;
}

export interface ProcessDeployment extends Deployment {
  readonly services: {
    /** The replicas of the tuple space. */
    readonly tuplespaces: readonly ServiceProcess[];
    readonly orchestrator: ServiceProcess;
    readonly nodes: readonly ServiceProcess[];
  };
}

export interface ProcessOptions {
  readonly nodeCount: number;
  /** Generals that node i brings by its own list; absent: any. */
  readonly generalsOf?: (index: number) => readonly string[];
  /** Replicas of the tuple space; default 1. More than one need a store that they share. */
  readonly replicaCount?: number;
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
  const stop = async (): Promise<void> => {
    await Promise.all(started.toReversed().map((service) => service.end('SIGTERM')));
  };
  try {
    const tuplespaces = await Promise.all(
      Array.from({ length: options.replicaCount ?? 1 }, (_, i) =>
        start(`tuplespace${i + 1}`, ['tuplespace']),
      ),
    );
    const tuplespace = tuplespaces.map(({ address }) => address).join(',');
    const at = ['--tuplespace', tuplespace];
    const nodes = await Promise.all(
      Array.from({ length: options.nodeCount }, (_, i) => {
        const generals = options.generalsOf?.(i) ?? [];
        const own = generals.length === 0 ? [] : ['--generals', generals.join(',')];
        return start(`node${i + 1}`, ['general-node', '--node-id', `node${i + 1}`, ...at, ...own]);
      }),
    );
    const orchestrator = await start('orchestrator', ['orchestrator', ...at]);
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
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let log = '';
  const collect = (chunk: Buffer): void => {
    log += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const exited = once(child, 'exit').then(() => child.exitCode);
  const service: ServiceProcess = {
    name,
    address,
    pid: child.pid ?? -1,
    log: () => log,
    exited,
    end: (signal) => endProcess(child, signal, exited),
  };
  live.add(service);
  void exited.then(() => live.delete(service));
  return service;
}

async function endProcess(
  child: ChildProcess,
  signal: 'SIGTERM' | 'SIGKILL',
  exited: Promise<number | null>,
): Promise<{ code: number | null; tookMs: number }> {
  const startedMs = performance.now();
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  return { code: await exited, tookMs: performance.now() - startedMs };
}

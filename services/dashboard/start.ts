/**
 * Serves the dashboard: a page, and what it asks an orchestrator for.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Orchestrator } from '../orchestrator/index.js';
import type { Clock, Log } from '../runtime/index.js';
import { formatAddress, parseAddress, ServiceError } from '../runtime/index.js';
import { answer, type Site } from './answer.js';
import { builtPage, readAssets } from './assets.js';
import { ownHosts } from './guard.js';
import { SystemFeed } from './system-feed.js';
import type { About } from './wire.js';

export interface DashboardOptions {
  readonly orchestrator: Orchestrator;
  /** `host:port`; port 0 is any free one. */
  readonly address: string;
  /** Further names that it may be called by. */
  readonly hosts: readonly string[];
  /** What a page must have to start or change anything; undefined: none can. */
  readonly key: string | undefined;
  readonly about: Omit<About, 'isWritable'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the page is; default: where the build puts it. */
  readonly pageFolder?: string;
}

export interface RunningDashboard {
  /** `host:port`. */
  readonly address: string;
  /** Ends open streams too. Idempotent. */
  stop(): Promise<void>;
}

/** Each page keeps one or two open. */
const connectionsMax = 256;

/** Errors: failed_precondition (the port is in use, or the page is not built). */
export async function startDashboard(options: DashboardOptions): Promise<RunningDashboard> {
  const { orchestrator, hosts, key, about, clock, log, pageFolder = builtPage } = options;
  const { host, port } = parseAddress(options.address, 'dashboard.address');
  const stop = new AbortController();
  const site: Site = {
    orchestrator,
    clock,
    log,
    feed: new SystemFeed({ orchestrator, clock, about: { ...about, isWritable: key !== undefined } }),
    assets: readAssets(pageFolder),
    guard: { hosts: [...ownHosts, host.toLowerCase(), ...hosts.map((name) => name.toLowerCase())], key },
    signal: stop.signal,
  };
  const server = createServer((request, response) => void answer(request, response, site));
  server.maxConnections = connectionsMax;
  const opened = await listen(server, { host, port });
  let stopping: Promise<void> | undefined;
  return {
    address: formatAddress({ host, port: opened.port }),
    stop() {
      stopping ??= new Promise((resolve) => {
        stop.abort(new ServiceError('unavailable', 'the dashboard is shutting down'));
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return stopping;
    },
  };
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'the port is in use' : String(error.code);
      const message = `the dashboard cannot listen on ${formatAddress({ host, port })}: ${why}`;
      const advice = 'another address, or "off": --dashboard';
      reject(new ServiceError('failed_precondition', message, { cause: error, details: { advice } }));
    });
    server.listen({ host: host.replace(/^\[|\]$/g, ''), port }, () =>
      resolve(server.address() as AddressInfo),
    );
  });
}

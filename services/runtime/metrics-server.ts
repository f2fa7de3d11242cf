/**
 * The endpoint that Prometheus asks: `GET /metrics` over plain HTTP, without a password. It belongs on loopback or on a network of its
 * own.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatAddress, parseAddress } from './address.js';
import { ServiceError } from './errors.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';

export interface MetricsServer {
  /** The `host:port` that it listens on, with the real port. */
  readonly address: string;
  /** Idempotent. */
  stop(): Promise<void>;
}

/**
 * Serves the metrics at `http://<address>/metrics`. Errors: invalid_argument (the address), failed_precondition (the port is in use, or
 * cannot be bound).
 */
export async function serveMetrics(
  metrics: Metrics,
  { address, log }: { readonly address: string; readonly log: Log },
): Promise<MetricsServer> {
  const { host, port } = parseAddress(address);
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000, maxHeaderSize: 8_192 });
  server.maxConnections = connectionsMax;
  server.on('request', (request, response) => {
    const end = (status: number, text: string, headers = {}): void => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(text);
    };
    if (request.url !== '/metrics') return end(404, 'the metrics are at /metrics\n');
    if (request.method !== 'GET') return end(405, 'only GET is allowed\n', { allow: 'GET' });
    metrics.text().then(
      (text) => end(200, text, { 'content-type': textType }),
      (error: unknown) => {
        log.error('metrics.failed', { error });
        end(500, 'internal error, see the log of the service\n');
      },
    );
  });
  await listen(server, { host: host.replace(/^\[|\]$/g, ''), port, address });
  const real = formatAddress({ host, port: (server.address() as AddressInfo).port });
  log.info('metrics.listening', { address: real });
  return {
    address: real,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const textType = 'text/plain; version=0.0.4; charset=utf-8';

/** One scraper and a few people. */
const connectionsMax = 32;

function listen(
  server: Server,
  { host, port, address }: { readonly host: string; readonly port: number; readonly address: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'it is in use; choose another address' : error.message;
      const problem = `the metrics cannot listen on ${address}: ${why}`;
      reject(new ServiceError('failed_precondition', problem, { cause: error, details: { address } }));
    });
    server.listen(port, host, resolve);
  });
}

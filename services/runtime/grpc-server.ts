/**
 * A gRPC server with what every service of ours offers: standard health and reflection, bounded messages and streams, and an end
 * that does not hang: NOT_SERVING first, then the blocked calls with unavailable, then the connections.
 */
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { ServingStatusMap } from 'grpc-health-check';
import { formatAddress, parseAddress } from './address.js';
import { systemClock } from './clock.js';
import { ConnectionGuard } from './connection-guard.js';
import { type ConnectionLimits, defaultConnectionLimits } from './connection-settings.js';
import { ServiceError } from './errors.js';
import type { Contract } from './grpc-contract.js';
import { GrpcHandlers } from './grpc-handler.js';
import { type GrpcListener, listen } from './grpc-listener.js';
import { readable } from './grpc-request.js';
import { watchResets } from './grpc-reset-watch.js';
import type { Log } from './log.js';
import type { Tls } from './tls.js';

/** One service of a server. */
export interface ServiceMount {
  readonly contract: Contract;
  /** The handlers by method name, made with the server's wrappers. */
  implement(handlers: GrpcHandlers): grpc.UntypedServiceImplementation;
}

export interface GrpcServerOptions {
  /** `host:port` to listen on; port 0 takes a free one. */
  readonly address: string;
  readonly services: readonly ServiceMount[];
  readonly log: Log;
  /** Absent: in clear. */
  readonly tls?: Tls | undefined;
  /** Longest message that is accepted, in bytes; default 8 MiB. A longer one is resource_exhausted. */
  readonly messageBytesMax?: number;
  /** What those who connect may do; default: what the settings have as theirs. */
  readonly connections?: ConnectionLimits | undefined;
}

export interface GrpcServer {
  /** The `host:port` that it listens on, with the real port. */
  readonly address: string;
  readonly port: number;
  /** Tells whoever asks for its health; calls are let in all the same. A server serves once it is started. */
  setServing(isServing: boolean): void;
  /** Tells running calls to end with unavailable, and ends those that have not after `graceMs` (default 2,000). Idempotent. */
  stop(options?: { graceMs?: number }): Promise<void>;
}

/** Starts a server. Errors: invalid_argument (the address), failed_precondition (the port is in use, or cannot be bound). */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const { host, port } = parseAddress(options.address);
  quieten(options.log);
  const { log, connections: limits = defaultConnectionLimits } = options;
  const guard = new ConnectionGuard({ limits, clock: systemClock, log });
  const server = new grpc.Server(serverOptions(options, limits, guard));
  const handlers = new GrpcHandlers(log);
  for (const mount of options.services) {
    server.addService(readable(mount.contract.methods), mount.implement(handlers));
  }
  const setHealth = await addStandardServices(server, options.services);
  const credentials = options.tls?.serverCredentials() ?? grpc.ServerCredentials.createInsecure();
  const listener = await listen({ server, credentials, guard, host, port });
  setHealth('SERVING');
  let stopping: Promise<void> | undefined;
  return {
    address: formatAddress({ host, port: listener.port }),
    port: listener.port,
    setServing(isServing) {
      if (stopping === undefined) setHealth(isServing ? 'SERVING' : 'NOT_SERVING');
    },
    stop({ graceMs = 2_000 } = {}) {
      stopping ??= stopServer({ server, listener, handlers, setHealth, graceMs });
      return stopping;
    },
  };
}

type SetHealth = (status: 'SERVING' | 'NOT_SERVING') => void;

function serverOptions(
  { messageBytesMax }: GrpcServerOptions,
  { streamsMax, metadataBytesMax }: ConnectionLimits,
  guard: ConnectionGuard,
): grpc.ServerOptions {
  const watch = watchResets({
    metadataBytesMax,
    clock: systemClock,
    onCall: (address, port) => guard.reportCall(address, port),
    onReset: (address, port) => guard.reportReset(address, port),
  });
  return {
    interceptors: [watch],
    'grpc.max_receive_message_length': messageBytesMax ?? 8 * 1024 * 1024,
    'grpc.max_concurrent_streams': streamsMax,
    'grpc-node.flow_control_window': 1024 * 1024,
    'grpc.enable_channelz': 0,
    // A client that hangs is noticed within a quarter of a minute, so that its blocked calls end.
    'grpc.keepalive_time_ms': 5_000,
    'grpc.keepalive_timeout_ms': 10_000,
  };
}

/** What the library says of itself goes into the log, as debug: errors that matter come as errors. */
function quieten(log: Log): void {
  const write = (...words: unknown[]): void => log.debug('grpc.library', { text: words.join(' ') });
  grpc.setLogger({ error: write, info: write, debug: write });
}

/** Loaded only here, so that a process without a server does not pay for them. */
async function addStandardServices(
  server: grpc.Server,
  services: readonly ServiceMount[],
): Promise<SetHealth> {
  const [{ HealthImplementation, protoPath }, { ReflectionService }] = await Promise.all([
    import('grpc-health-check'),
    import('@grpc/reflection'),
  ]);
  const names = ['', ...services.map(({ contract }) => contract.name)];
  const statuses: ServingStatusMap = Object.fromEntries(names.map((name) => [name, 'NOT_SERVING']));
  const health = new HealthImplementation(statuses);
  health.addToServer(server);
  const definitions = Object.assign(
    {},
    loadSync(protoPath),
    ...services.map(({ contract }) => contract.definitions),
  );
  // A contract may import others; only what is served is listed.
  const served = [...names.slice(1), 'grpc.health.v1.Health'];
  new ReflectionService(definitions, { services: served }).addToServer(server);
  return (status) => {
    for (const name of names) health.setStatus(name, status);
  };
}

async function stopServer(parts: {
  server: grpc.Server;
  listener: GrpcListener;
  handlers: GrpcHandlers;
  setHealth: SetHealth;
  graceMs: number;
}): Promise<void> {
  parts.setHealth('NOT_SERVING');
  parts.listener.close();
  parts.handlers.stop(new ServiceError('unavailable', 'the service is stopping; retry elsewhere or later'));
  const isClosed = new Promise<true>((resolve) => parts.server.tryShutdown(() => resolve(true)));
  if (!(await Promise.race([isClosed, after(parts.graceMs)]))) {
    parts.handlers.cutOff();
    await Promise.race([isClosed, after(cutOffMs)]);
  }
  parts.server.forceShutdown();
  parts.listener.closeConnections();
}

/** How long the last answers may take to leave, in ms. */
const cutOffMs = 500;

function after(ms: number): Promise<false> {
  return new Promise((resolve) => void systemClock.after(ms, () => resolve(false)));
}

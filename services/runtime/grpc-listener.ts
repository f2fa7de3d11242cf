/**
 * The port of a gRPC server: connections pass the guard before the server sees them.
 */
import { createServer } from 'node:net';
import type * as grpc from '@grpc/grpc-js';
import { type Address, formatAddress } from './address.js';
import type { ConnectionGuard } from './connection-guard.js';
import { ServiceError } from './errors.js';

export interface ListenOptions extends Address {
  readonly server: grpc.Server;
  readonly credentials: grpc.ServerCredentials;
  readonly guard: ConnectionGuard;
}

export interface GrpcListener {
  /** The real one, where 0 was asked for. */
  readonly port: number;
  /** Takes no new connection. Idempotent. */
  close(): void;
  /** Ends those that are left. */
  closeConnections(): void;
}

/** Errors: failed_precondition (the port is in use, or cannot be bound). */
export function listen({ server, credentials, guard, host, port }: ListenOptions): Promise<GrpcListener> {
  const injector = server.createConnectionInjector(credentials);
  const listener = createServer({ noDelay: true }, (socket) => {
    // What goes wrong on it is seen by the server.
    socket.on('error', () => {});
    if (guard.admit(socket)) injector.injectConnection(socket);
  });
  return new Promise((resolve, reject) => {
    listener.once('error', (error) => reject(bindError(error, formatAddress({ host, port }))));
    listener.listen({ port, host: host.replace(/^\[(.*)\]$/, '$1') }, () => {
      const bound = listener.address();
      resolve({
        port: typeof bound === 'object' && bound !== null ? bound.port : port,
        close: () => void listener.close(),
        closeConnections: () => guard.closeAll(),
      });
    });
  });
}

function bindError(error: Error, address: string): ServiceError {
  const why = error.message.includes('EADDRINUSE')
    ? `${address} is in use: stop the program that listens there, or choose another address`
    : `cannot listen on ${address}: ${error.message}`;
  return new ServiceError('failed_precondition', why, { cause: error, details: { address } });
}

/**
 * Who may connect to a service, and who has lost that for a while: bounds on connections, in all and per address, on calls that come to
 * nothing, and on what is sent without a call. It does not look inside a connection; grpc-reset-watch.ts tells it of calls.
 */
import type { Socket } from 'node:net';
import type { Clock } from './clock.js';
import type { ConnectionLimits } from './connection-settings.js';
import type { Log } from './log.js';

export interface ConnectionGuardOptions {
  readonly limits: ConnectionLimits;
  readonly clock: Clock;
  readonly log: Log;
}

interface Connection {
  readonly socket: Socket;
  /** It has made a call of a method that there is. */
  hasCalled: boolean;
}

/** What is known of one address. */
interface Peer {
  /** By port. */
  readonly connections: Map<number, Connection>;
  /** Calls that came to nothing since `sinceMs`. */
  resetCount: number;
  sinceMs: number;
  shutOutUntilMs: number;
}

const secondMs = 1_000;
/** What a connection may send in a second before its first call: a handshake, with certificates, and a few pings. */
const bytesBeforeCallMax = 16 * 1024;
const lookMs = 50;

export class ConnectionGuard {
  readonly #options: ConnectionGuardOptions;
  readonly #peers = new Map<string, Peer>();
  #openCount = 0;
  #sweptMs = Number.NEGATIVE_INFINITY;
  #refusedCount = 0;
  #loggedMs = Number.NEGATIVE_INFINITY;

  constructor(options: ConnectionGuardOptions) {
    this.#options = options;
  }

  /** Takes a new connection in, until it closes; or closes it and says false. */
  admit(socket: Socket): boolean {
    const { remoteAddress: address, remotePort: port } = socket;
    // Its other end has gone already.
    if (address === undefined || port === undefined) return this.#close(socket);
    this.#sweep();
    const peer = this.#peers.get(address) ?? this.#meet(address);
    const limit = this.#reached(peer);
    if (limit !== undefined) return this.#refuse(socket, address, limit);
    const connection = { socket, hasCalled: false };
    peer.connections.set(port, connection);
    this.#openCount += 1;
    socket.once('close', () => {
      peer.connections.delete(port);
      this.#openCount -= 1;
    });
    this.#watchUntilCalled(address, peer, connection);
    return true;
  }

  /** A call of a method that there is begins on the connection from this address and port. */
  reportCall(address: string, port: number): void {
    const connection = this.#peers.get(address)?.connections.get(port);
    if (connection !== undefined) connection.hasCalled = true;
  }

  /** A call on the connection from this address and port came to nothing. Too many of them close it. */
  reportReset(address: string, port: number): void {
    const { limits, clock } = this.#options;
    const peer = this.#peers.get(address);
    const socket = peer?.connections.get(port)?.socket;
    if (peer === undefined || socket === undefined || socket.destroyed) return;
    const nowMs = clock.monotonicMs();
    if (nowMs - peer.sinceMs >= secondMs) {
      peer.sinceMs = nowMs;
      peer.resetCount = 0;
    }
    peer.resetCount += 1;
    if (peer.resetCount > limits.resetsPerSecondMax) this.#shutOut(address, peer, socket, 'resets');
  }

  /** Closes all that are open. */
  closeAll(): void {
    for (const { connections } of this.#peers.values()) {
      for (const { socket } of connections.values()) socket.destroy();
    }
  }

  /** Calls of methods that there are not are seen by nobody but in what they weigh. */
  #watchUntilCalled(address: string, peer: Peer, connection: Connection): void {
    const { clock } = this.#options;
    const { socket } = connection;
    let [sinceMs, bytesThen] = [clock.monotonicMs(), socket.bytesRead];
    const look = (): void => {
      if (connection.hasCalled || socket.destroyed) return;
      if (socket.bytesRead - bytesThen > bytesBeforeCallMax) {
        this.#shutOut(address, peer, socket, 'no calls');
        return;
      }
      const nowMs = clock.monotonicMs();
      if (nowMs - sinceMs >= secondMs) [sinceMs, bytesThen] = [nowMs, socket.bytesRead];
      clock.after(lookMs, look);
    };
    clock.after(lookMs, look);
  }

  #shutOut(address: string, peer: Peer, socket: Socket, why: 'resets' | 'no calls'): void {
    const { limits, clock, log } = this.#options;
    const nowMs = clock.monotonicMs();
    if (peer.shutOutUntilMs <= nowMs) {
      log.warn('connections.shut_out', { peer: address, why, forMs: limits.shutOutMs });
    }
    peer.shutOutUntilMs = nowMs + limits.shutOutMs;
    socket.destroy();
  }

  #meet(address: string): Peer {
    const peer = { connections: new Map(), resetCount: 0, sinceMs: 0, shutOutUntilMs: 0 };
    this.#peers.set(address, peer);
    return peer;
  }

  #reached({ connections, shutOutUntilMs }: Peer): 'shut_out' | 'peer_max' | 'total_max' | undefined {
    const { limits, clock } = this.#options;
    if (clock.monotonicMs() < shutOutUntilMs) return 'shut_out';
    if (connections.size >= limits.peerMax) return 'peer_max';
    return this.#openCount >= limits.totalMax ? 'total_max' : undefined;
  }

  /** Says so in the log, at most once a second: who floods the service shall not flood the log. */
  #refuse(socket: Socket, peer: string, limit: string): false {
    const { clock, log } = this.#options;
    this.#refusedCount += 1;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#loggedMs >= secondMs) {
      log.warn('connections.refused', { peer, limit, refused: this.#refusedCount });
      this.#loggedMs = nowMs;
      this.#refusedCount = 0;
    }
    return this.#close(socket);
  }

  #close(socket: Socket): false {
    socket.destroy();
    return false;
  }

  /** Forgets addresses about which there is nothing to know any more. */
  #sweep(): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#sweptMs < secondMs) return;
    this.#sweptMs = nowMs;
    for (const [address, { connections, sinceMs, shutOutUntilMs }] of this.#peers) {
      const isPast = shutOutUntilMs <= nowMs && nowMs - sinceMs >= secondMs;
      if (connections.size === 0 && isPast) this.#peers.delete(address);
    }
  }
}

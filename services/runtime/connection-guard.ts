/**
 * Who may connect to a service, and who has lost that for a while: bounds on connections, in all and per address, and on calls that come
 * to nothing. It does not look inside a connection; grpc-reset-watch.ts tells it of such calls.
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

/** What is known of one address. */
interface Peer {
  readonly sockets: Map<number, Socket>;
  /** Calls that came to nothing since `sinceMs`. */
  resetCount: number;
  sinceMs: number;
  shutOutUntilMs: number;
}

const secondMs = 1_000;

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
    peer.sockets.set(port, socket);
    this.#openCount += 1;
    socket.once('close', () => {
      peer.sockets.delete(port);
      this.#openCount -= 1;
    });
    return true;
  }

  /** A call on the connection from this address and port came to nothing. Too many of them close it. */
  reportReset(address: string, port: number): void {
    const { limits, clock, log } = this.#options;
    const peer = this.#peers.get(address);
    const socket = peer?.sockets.get(port);
    if (peer === undefined || socket === undefined || socket.destroyed) return;
    const nowMs = clock.monotonicMs();
    if (nowMs - peer.sinceMs >= secondMs) {
      peer.sinceMs = nowMs;
      peer.resetCount = 0;
    }
    peer.resetCount += 1;
    if (peer.resetCount <= limits.resetsPerSecondMax) return;
    if (peer.shutOutUntilMs <= nowMs) {
      log.warn('connections.shut_out', { peer: address, resets: peer.resetCount, forMs: limits.shutOutMs });
    }
    peer.shutOutUntilMs = nowMs + limits.shutOutMs;
    socket.destroy();
  }

  /** Closes all that are open. */
  closeAll(): void {
    for (const { sockets } of this.#peers.values()) for (const socket of sockets.values()) socket.destroy();
  }

  #meet(address: string): Peer {
    const peer = { sockets: new Map(), resetCount: 0, sinceMs: 0, shutOutUntilMs: 0 };
    this.#peers.set(address, peer);
    return peer;
  }

  #reached({ sockets, shutOutUntilMs }: Peer): 'shut_out' | 'peer_max' | 'total_max' | undefined {
    const { limits, clock } = this.#options;
    if (clock.monotonicMs() < shutOutUntilMs) return 'shut_out';
    if (sockets.size >= limits.peerMax) return 'peer_max';
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
    for (const [address, { sockets, sinceMs, shutOutUntilMs }] of this.#peers) {
      const isPast = shutOutUntilMs <= nowMs && nowMs - sinceMs >= secondMs;
      if (sockets.size === 0 && isPast) this.#peers.delete(address);
    }
  }
}

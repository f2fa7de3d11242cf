/**
 * A TCP proxy for tests: cuts connections, at once or when the service answers.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { parseAddress } from '../../runtime/index.js';

export class TcpProxy {
  readonly #server: Server;
  readonly #links = new Set<{ near: Socket; far: Socket }>();
  #losesAnswers = false;
  #lostCount = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** A proxy in front of a service. */
  static async open(target: string): Promise<TcpProxy> {
    const { host, port } = parseAddress(target);
    const server = createServer((near) => proxy.#link(near, connect(port, host)));
    const proxy = new TcpProxy(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy is closed');
    return `127.0.0.1:${address.port}`;
  }

  /** How many connections were cut in place of an answer. */
  get lostCount(): number {
    return this.#lostCount;
  }

  /** Cuts every connection. */
  cut(): void {
    for (const { near, far } of this.#links) {
      near.destroy();
      far.destroy();
    }
  }

  /** From now on the first bytes that a service sends on a connection cut it, until `pass` is called. */
  loseAnswers(): void {
    this.#losesAnswers = true;
  }

  pass(): void {
    this.#losesAnswers = false;
  }

  /** From now on nothing that the service sends on the connections at hand arrives; they stay open. */
  stall(): void {
    for (const { far } of this.#links) far.pause();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #link(near: Socket, far: Socket): void {
    const link = { near, far };
    this.#links.add(link);
    const end = (): void => {
      this.#links.delete(link);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
    near.on('data', (bytes) => void far.write(bytes));
    far.on('data', (bytes) => {
      if (!this.#losesAnswers) near.write(bytes);
      else {
        this.#lostCount += 1;
        end();
      }
    });
  }
}

/**
 * A network link as a TCP proxy that can be cut, slowed, and broken in the middle of an answer.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';

export class Link {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  #delayMs = 0;
  #lastDelayMs = 0;
  /** How many pieces wait for each socket. */
  readonly #heldBack = new WeakMap<Socket, number>();
  #answerBytesMax: (() => number) | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** A link to a port of this machine. */
  static async open(port: number): Promise<Link> {
    const server = createServer((near) => link.#join(near, port));
    const link = new Link(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return link;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the link is closed');
    return address.port;
  }

  /** Breaks every connection, and every new one at once, until `heal`. */
  cut(): void {
    this.#isCut = true;
    this.#breakAll();
  }

  /** Every connection breaks once that many bytes of answers went through it; what comes after is lost, until `heal`. */
  breakAnswers(bytesMax: () => number): void {
    this.#answerBytesMax = bytesMax;
    this.#breakAll();
  }

  /** Holds bytes back for so long, in each direction, until `heal`. */
  delay(ms: number): void {
    this.#delayMs = ms;
    this.#lastDelayMs = ms;
  }

  heal(): void {
    this.#isCut = false;
    this.#delayMs = 0;
    this.#answerBytesMax = undefined;
  }

  async close(): Promise<void> {
    this.#breakAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #breakAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(near: Socket, port: number): void {
    if (this.#isCut) return void near.destroy();
    const far = connect(port, '127.0.0.1');
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.on('error', end).on('close', () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    let leftBytes = this.#answerBytesMax?.();
    near.on('data', (bytes) => this.#pass(far, bytes));
    far.on('data', (bytes) => {
      if (leftBytes === undefined) return this.#pass(near, bytes);
      leftBytes -= bytes.length;
      if (leftBytes < 0) end();
      else this.#pass(near, bytes);
    });
  }

  /** Bytes keep their order when a delay ends: none goes before those that were held back. */
  #pass(to: Socket, bytes: Buffer): void {
    const waiting = this.#heldBack.get(to) ?? 0;
    if (this.#delayMs === 0 && waiting === 0) return void to.write(bytes);
    this.#heldBack.set(to, waiting + 1);
    setTimeout(() => {
      this.#heldBack.set(to, (this.#heldBack.get(to) ?? 1) - 1);
      to.write(bytes);
    }, this.#delayMs || this.#lastDelayMs);
  }
}

/**
 * A bare gRPC echo, to measure services against: no store, no codec, no books. A request says in its first four bytes how long its
 * answer is. `Say` is one call for each. `Talk` is one stream for all: a message for each request, or one for all requests of a turn of
 * the event loop; it answers them in their order.
 */
import { Client, credentials, Server, ServerCredentials } from '@grpc/grpc-js';

const raw = (path: string, isStream: boolean) => ({
  path,
  requestStream: isStream,
  responseStream: isStream,
  requestSerialize: (bytes: Buffer) => bytes,
  requestDeserialize: (bytes: Buffer) => bytes,
  responseSerialize: (bytes: Buffer) => bytes,
  responseDeserialize: (bytes: Buffer) => bytes,
});
const methods = { Say: raw('/bench.Echo/Say', false), Talk: raw('/bench.Echo/Talk', true) };
const window = { 'grpc-node.flow_control_window': 1024 * 1024 };

/** Serves on a free port of loopback; gives the address. */
export function serveEcho(): Promise<{ readonly address: string; stop(): void }> {
  const server = new Server(window);
  server.addService(methods, {
    Say: (call: { request: Buffer }, respond: (error: null, answer: Buffer) => void) => {
      respond(null, Buffer.alloc(call.request.readUInt32BE(0)));
    },
    Talk: (call: {
      on(event: string, run: (bytes: Buffer) => void): void;
      write(bytes: Buffer): void;
      end(): void;
    }) => {
      call.on('data', (message) => call.write(answersTo(message)));
      call.on('end', () => call.end());
      call.on('error', () => {});
    },
  } as never);
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error !== null) return reject(error);
      resolve({ address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() });
    });
  });
}

/** Every request of a message begins with its own length and its answer's. */
function answersTo(message: Buffer): Buffer {
  let answerBytes = 0;
  for (let at = 0; at < message.length; at += 8 + message.readUInt32BE(at)) {
    answerBytes += 4 + message.readUInt32BE(at + 4);
  }
  const answers = Buffer.alloc(answerBytes);
  let end = 0;
  for (let at = 0; at < message.length; at += 8 + message.readUInt32BE(at)) {
    const length = message.readUInt32BE(at + 4);
    answers.writeUInt32BE(length, end);
    end += 4 + length;
  }
  return answers;
}

/** Sizes in bytes of a request and of its answer. */
export interface EchoSize {
  readonly request: number;
  readonly answer: number;
}

export class EchoClient {
  readonly #client: Client;
  readonly #talk;
  readonly #waiting: (() => void)[] = [];
  #answered = 0;
  #outbox: Buffer[] = [];

  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure(), window);
    const { Talk } = methods;
    this.#talk = this.#client.makeBidiStreamRequest(
      Talk.path,
      Talk.requestSerialize,
      Talk.responseDeserialize,
    );
    this.#talk.on('data', (answers: Buffer) => this.#receive(answers));
    this.#talk.on('error', () => {});
  }

  say({ request, answer }: EchoSize): Promise<void> {
    const { path, requestSerialize, responseDeserialize } = methods.Say;
    const bytes = Buffer.alloc(Math.max(4, request));
    bytes.writeUInt32BE(answer, 0);
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, bytes, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }

  /** A message of the stream. */
  talk(size: EchoSize): Promise<void> {
    return this.#send(size, (bytes) => void this.#talk.write(bytes));
  }

  /** A part of a message of the stream. */
  talkTogether(size: EchoSize): Promise<void> {
    return this.#send(size, (bytes) => {
      this.#outbox.push(bytes);
      if (this.#outbox.length > 1) return;
      setImmediate(() => {
        this.#talk.write(Buffer.concat(this.#outbox));
        this.#outbox = [];
      });
    });
  }

  close(): void {
    this.#talk.cancel();
    this.#client.close();
  }

  #send({ request, answer }: EchoSize, send: (bytes: Buffer) => void): Promise<void> {
    const bytes = Buffer.alloc(8 + request);
    bytes.writeUInt32BE(request, 0);
    bytes.writeUInt32BE(answer, 4);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      send(bytes);
    });
  }

  #receive(answers: Buffer): void {
    for (let at = 0; at < answers.length; at += 4 + answers.readUInt32BE(at)) {
      this.#waiting[this.#answered]?.();
      this.#answered += 1;
    }
    if (this.#answered < this.#waiting.length) return;
    this.#waiting.length = 0;
    this.#answered = 0;
  }
}

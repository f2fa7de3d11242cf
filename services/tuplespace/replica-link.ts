/**
 * The connection of a client to one replica of the service: a channel, and a pipe on it. It is ready once the service has answered the
 * pipe's headers; it breaks when the replica ends, is cut off or hangs.
 */
import {
  type DuplexStream,
  fromStatus,
  GrpcChannel,
  type GrpcChannelOptions,
  ServiceError,
  systemClock,
} from '../runtime/index.js';
import { Pipe } from './pipe.js';
import { loadTupleSpaceContract, soleInstanceHeader } from './wire/contract.js';

/** How long a replica may take to answer the headers of a pipe, in ms. */
const openMs = 3_000;

export interface LinkEvents {
  /** It has become ready, or it has broken. */
  readonly onChange: (link: ReplicaLink) => void;
  /** It has answered a call with unavailable. */
  readonly onUnavailable: (link: ReplicaLink) => void;
}

export class ReplicaLink {
  /** `host:port`, the host an IP address unless it did not have to be resolved. */
  readonly address: string;
  readonly channel: GrpcChannel;
  readonly #events: LinkEvents;
  #pipe: Pipe | undefined;
  #opening: Promise<void> | undefined;
  #soleInstanceId: string | undefined;

  constructor(address: string, options: GrpcChannelOptions & LinkEvents) {
    this.address = address;
    this.#events = options;
    this.channel = new GrpcChannel(address, options);
  }

  /** The pipe to send calls through; undefined while there is none. */
  get pipe(): Pipe | undefined {
    return this.#pipe;
  }

  /** What tells the replica from others, where its tuples live in its process alone. */
  get soleInstanceId(): string | undefined {
    return this.#soleInstanceId;
  }

  /** Resolves when it is ready; those who ask at once share an attempt. Errors: unavailable, cancelled (it was closed). */
  open(): Promise<void> {
    if (this.#pipe !== undefined) return Promise.resolve();
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Ends the pipe and every call on it with cancelled. Idempotent. */
  close(): void {
    this.#pipe?.close();
    this.channel.close();
  }

  async #open(): Promise<void> {
    // The stream itself has no caller: each call brings its own token.
    const stream = this.channel.duplex(loadTupleSpaceContract().methods.Pipe);
    const pipe = new Pipe(stream);
    try {
      this.#soleInstanceId = await firstHeaders(stream, this.address);
    } catch (error) {
      pipe.close();
      throw error;
    }
    if (pipe.isOver) throw new ServiceError('unavailable', `${this.address} ended the pipe`);
    this.#pipe = pipe;
    pipe.onUnavailable(() => this.#events.onUnavailable(this));
    pipe.onOver(() => {
      this.#pipe = undefined;
      this.#events.onChange(this);
    });
    this.#events.onChange(this);
  }
}

/** The instance that the headers name. */
function firstHeaders(
  stream: DuplexStream<Uint8Array, Buffer>,
  address: string,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const stopTimer = systemClock.after(openMs, () => {
      reject(new ServiceError('unavailable', `${address} did not answer within ${openMs} ms`));
    });
    stream.once('metadata', (headers) => {
      stopTimer();
      resolve(headers.get(soleInstanceHeader)[0]?.toString());
    });
    stream.once('error', (error: Parameters<typeof fromStatus>[0]) => {
      stopTimer();
      const { code, message } = fromStatus(error);
      const isCancelled = code === 'cancelled';
      reject(
        new ServiceError(isCancelled ? code : 'unavailable', `${address}: ${message}`, { cause: error }),
      );
    });
  });
}

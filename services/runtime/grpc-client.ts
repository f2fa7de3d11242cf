/**
 * The calling side of gRPC: one channel per address, promises and async iterables instead of callbacks and events, and the same
 * `ServiceError` that the service threw.
 */
import * as grpc from '@grpc/grpc-js';
import { onAbort } from './abort.js';
import { parseAddress } from './address.js';
import { invalidArgument, ServiceError } from './errors.js';
import type { ClientMethod } from './grpc-contract.js';
import { fromStatus } from './grpc-errors.js';
import { receive } from './grpc-stream.js';
import { tokenPattern } from './grpc-token.js';
import type { Tls } from './tls.js';

export interface RpcOptions {
  /** Ends the call on both sides; the promise rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for the answer, in ms; then deadline_exceeded. Absent: none. */
  readonly deadlineMs?: number | undefined;
  /** The caller's token. */
  readonly token?: string | undefined;
  /** What the call is a part of, as a W3C traceparent. */
  readonly trace?: string | undefined;
  /** Wait for a connection instead of failing with unavailable when there is none. Only with a deadline or a signal. */
  readonly waitForReady?: boolean | undefined;
}

/** The calling side of a stream of requests `I` and answers `O`. */
export type DuplexStream<I, O> = grpc.ClientDuplexStream<I, O>;

export interface GrpcChannelOptions {
  /** Longest message that is accepted, in bytes; default 64 MiB: the service is trusted, and an answer may be larger than a request. */
  readonly messageBytesMax?: number;
  /** How soon a peer that hangs is noticed while calls are under way; default `patientKeepalive`. */
  readonly keepalive?: Keepalive;
  /** Absent: calls go in clear. */
  readonly tls?: Tls | undefined;
  /** What the certificate of the server must be for; absent: any of the CA. */
  readonly serverName?: string | undefined;
}

export interface Keepalive {
  /** Silence after which the peer is asked for a sign of life, in ms. */
  readonly silenceMs: number;
  /** How long it may take to give one, in ms; then the connection is cut. */
  readonly answerMs: number;
}

/** For a peer that nobody can stand in for: cut off only when there is little hope. */
export const patientKeepalive: Keepalive = { silenceMs: 5_000, answerMs: 10_000 };

/** For one of several replicas: another is there at once, so a peer that hangs for a second has lost its turn. */
export const briskKeepalive: Keepalive = { silenceMs: 1_000, answerMs: 1_000 };

/** A connection to one address, opened by the first call and re-opened when it breaks. Share it, and close it once. */
export class GrpcChannel {
  readonly address: string;
  readonly #client: grpc.Client;
  #isClosed = false;

  /** @param address `host:port`; a name that resolves to several addresses is used round robin. Errors: invalid_argument. */
  constructor(address: string, options: GrpcChannelOptions = {}) {
    parseAddress(address);
    this.address = address;
    const { tls, serverName } = options;
    const credentials = tls?.channelCredentials(serverName) ?? grpc.credentials.createInsecure();
    this.#client = new grpc.Client(address, credentials, channelOptions(options));
  }

  /** One message out, one in. Errors: those of the service; unavailable, deadline_exceeded. */
  unary<I, O>(method: ClientMethod<I, O>, request: I, options: RpcOptions = {}): Promise<O> {
    const { signal } = options;
    return new Promise<O>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#isClosed) return reject(channelClosed());
      const call = this.#client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        callMetadata(options),
        callOptions(options),
        (error, response) => {
          stopListening();
          // An answer that was faster than the abort still counts.
          if (error === null) resolve(response as O);
          else reject(signal?.aborted ? signal.reason : fromStatus(error));
        },
      );
      const stopListening = onAbort(signal, () => call.cancel());
    });
  }

  /** One message out, many in. The call is made when the first is asked for, and cancelled when the consumer stops. */
  async *serverStream<I, O>(
    method: ClientMethod<I, O>,
    request: I,
    options: RpcOptions = {},
  ): AsyncGenerator<O> {
    const signal = options.signal ?? neverAborted;
    if (signal.aborted) throw signal.reason;
    if (this.#isClosed) throw channelClosed();
    const call = this.#client.makeServerStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      callMetadata(options),
      callOptions(options),
    );
    try {
      yield* receive<O>(call, signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : fromStatus(error as grpc.ServiceError);
    } finally {
      call.cancel();
    }
  }

  /** Many out, many in, as the bare stream: for a transport that keeps its own books. Throws cancelled when the channel is closed. */
  duplex<I, O>(method: ClientMethod<I, O>, options: RpcOptions = {}): DuplexStream<I, O> {
    if (this.#isClosed) throw channelClosed();
    return this.#client.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      callMetadata(options),
      callOptions(options),
    );
  }

  /** Ends the connection once its calls are over; later calls are cancelled. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#client.close();
  }
}

function channelClosed(): ServiceError {
  return new ServiceError('cancelled', 'the channel is closed');
}

const neverAborted = new AbortController().signal;

function channelOptions(options: GrpcChannelOptions): grpc.ClientOptions {
  const { messageBytesMax, keepalive = patientKeepalive, tls, serverName = 'any' } = options;
  return {
    ...(tls === undefined ? {} : { 'grpc.ssl_target_name_override': serverName }),
    'grpc.max_receive_message_length': messageBytesMax ?? 64 * 1024 * 1024,
    'grpc-node.flow_control_window': 1024 * 1024,
    'grpc.enable_channelz': 0,
    // Only callers know which calls are safe to repeat.
    'grpc.enable_retries': 0,
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
    'grpc.dns_min_time_between_resolutions_ms': 1_000,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    // Without calls nobody needs to know.
    'grpc.keepalive_time_ms': keepalive.silenceMs,
    'grpc.keepalive_timeout_ms': keepalive.answerMs,
    'grpc.keepalive_permit_without_calls': 0,
  };
}

function callMetadata({ token, trace, waitForReady }: RpcOptions): grpc.Metadata {
  const metadata = new grpc.Metadata({ waitForReady: waitForReady ?? false });
  if (trace) metadata.set('traceparent', trace);
  if (!token) return metadata;
  if (!tokenPattern.test(token)) throw invalidArgument('token', 'has characters that no token has');
  metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

function callOptions({ deadlineMs }: RpcOptions): grpc.CallOptions {
  return deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
}

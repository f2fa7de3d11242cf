/**
 * What every gRPC handler gets, written once: a signal that ends with the call or with the service, the caller's token, errors
 * turned into statuses, and the pace of a slow reader. One wrapper per direction.
 */
import type { EventEmitter } from 'node:events';
import * as grpc from '@grpc/grpc-js';
import { ServiceError } from './errors.js';
import { toServiceError, toStatus } from './grpc-errors.js';
import { requestOf } from './grpc-request.js';
import { receive, send } from './grpc-stream.js';
import { tokenPattern } from './grpc-token.js';
import type { Log } from './log.js';

/** What a handler knows of its call. */
export interface CallContext {
  /** Aborted with a `ServiceError`: cancelled, deadline_exceeded, or unavailable when the service stops. */
  readonly signal: AbortSignal;
  /** The bearer token; empty without one. */
  readonly token: string;
  /** What the call is a part of, as it came: a W3C traceparent, or empty. */
  readonly trace: string;
  readonly metadata: grpc.Metadata;
  /** Network address of the caller, for the log. */
  readonly peer: string;
}

/** A handler as the server takes it, of any direction. */
export type GrpcHandler = grpc.UntypedHandleCall;

type ServerStream = grpc.ServerWritableStream<unknown, unknown> | grpc.ServerDuplexStream<unknown, unknown>;
type ServerCall = grpc.ServerUnaryCall<unknown, unknown> | ServerStream;

/** Makes grpc-js handlers from functions that take a message and a context, and ends them all when the service stops. */
export class GrpcHandlers {
  readonly #log: Log;
  readonly #running = new Set<RunningCall>();
  #stopReason: ServiceError | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** One message in, one out. */
  unary<I, O>(handle: (request: I, context: CallContext) => Promise<O>): grpc.handleUnaryCall<I, O> {
    return (call, respond) => {
      const answer = this.#run(call, (context) => handle(requestOf(call.request), context));
      void answer.then(
        (response) => respond(null, response),
        (error: ServiceError) => respond(toStatus(error)),
      );
    };
  }

  /** One message in, many out. */
  serverStream<I, O>(
    handle: (request: I, context: CallContext) => AsyncIterable<O>,
  ): grpc.handleServerStreamingCall<I, O> {
    return (call) => {
      this.#stream(call, {}, async (context) => {
        const messages = handle(requestOf(call.request), context);
        for await (const message of messages) await send(call, message, context.signal);
      });
    };
  }

  /**
   * Many in, many out; the call ends when the handler's promise does. `reply` resolves when there is room for the next.
   *
   * @param headers go out before the first message
   */
  bidi<I, O>(
    handle: (
      requests: AsyncIterable<I>,
      reply: (message: O) => Promise<void>,
      context: CallContext,
    ) => Promise<void>,
    headers: Readonly<Record<string, string>> = {},
  ): grpc.handleBidiStreamingCall<I, O> {
    return (call) => {
      this.#stream(call, headers, (context) => {
        const requests = receive<I>(call, context.signal);
        return handle(requests, (message) => send(call, message, context.signal), context);
      });
    };
  }

  /** Tells every running handler, and every later one, to end with this error. */
  stop(reason: ServiceError): void {
    this.#stopReason = reason;
    for (const { controller } of this.#running) controller.abort(reason);
  }

  /** Answers the calls whose handlers have not ended after `stop`, without them. */
  cutOff(): void {
    for (const { cut } of this.#running) cut(this.#stopReason);
  }

  #stream(
    call: ServerStream,
    headers: Readonly<Record<string, string>>,
    handle: (context: CallContext) => Promise<void>,
  ): void {
    // Headers go out at once: the caller then knows that the stream stands before there is a message.
    const metadata = new grpc.Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    call.sendMetadata(metadata);
    this.#run(call, handle).then(
      () => void call.end(),
      (error: ServiceError) => void call.emit('error', toStatus(error)),
    );
  }

  /** Runs one call; rejects with a `ServiceError` only. */
  #run<T>(call: ServerCall, handle: (context: CallContext) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const controller = new AbortController();
      const running = { controller, cut: reject };
      this.#running.add(running);
      (call as EventEmitter).on('cancelled', () => controller.abort(whyCancelled(call)));
      if (this.#stopReason !== undefined) controller.abort(this.#stopReason);
      this.#handle(call, controller.signal, handle)
        .then(resolve, reject)
        .finally(() => this.#running.delete(running));
    });
  }

  async #handle<T>(
    call: ServerCall,
    signal: AbortSignal,
    handle: (context: CallContext) => Promise<T>,
  ): Promise<T> {
    try {
      const { metadata } = call;
      const trace = metadata.get('traceparent')[0]?.toString() ?? '';
      return await handle({ signal, token: readToken(call), trace, metadata, peer: call.getPeer() });
    } catch (error) {
      if (signal.aborted && !(error instanceof ServiceError)) throw signal.reason;
      throw toServiceError(error, { log: this.#log, path: call.getPath() });
    }
  }
}

interface RunningCall {
  readonly controller: AbortController;
  /** Rejects the call's promise. */
  readonly cut: (reason: unknown) => void;
}

function whyCancelled(call: ServerCall): ServiceError {
  const deadline = call.getDeadline();
  return Number(deadline) <= Date.now()
    ? new ServiceError('deadline_exceeded', 'the deadline of the call passed')
    : new ServiceError('cancelled', 'the caller gave up the call');
}

function readToken(call: ServerCall): string {
  const header = call.metadata.get('authorization')[0];
  if (header === undefined) return '';
  const token = /^Bearer (.*)$/i.exec(header.toString())?.[1];
  if (token !== undefined && tokenPattern.test(token)) return token;
  throw new ServiceError('unauthenticated', 'authorization: want `Bearer <token>`');
}

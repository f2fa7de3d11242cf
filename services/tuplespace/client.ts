/**
 * `TupleSpace` over gRPC. Calls and watches go through a pipe unless told otherwise; mutating ones carry a request id, so that a
 * call whose answer was lost is repeated without a second effect; long waits are cut into pieces that the service grants.
 */
import { type Clock, protobuf, systemClock } from '../runtime/index.js';
import { checkClearText } from './clear-text.js';
import { PipeTransport } from './pipe-transport.js';
import { Replicas } from './replicas.js';
import { RequestIds } from './request-ids.js';
import { resumedWatch } from './resumed-watch.js';
import { defaultRetry, type RetryPolicy, retrying } from './retry.js';
import type * as space from './space.js';
import { TiedLeases } from './tied-leases.js';
import { type Transport, UnaryTransport } from './transport.js';
import { waiting } from './waiting.js';
import * as admin from './wire/admin.js';
import { type CallCodec, leaseCall, readCall, settleCall, takeCall, writeCall } from './wire/calls.js';
import { loadTupleSpaceContract } from './wire/contract.js';
import type { CallKind } from './wire/pipe.js';
import { watchFrameCodec, watchRequestCodec } from './wire/watch.js';

export interface TupleSpaceClientOptions {
  /**
   * Where the replicas are: `host:port`, or several with commas between; a name stands for all that it resolves to. Or connections that
   * others share and that outlive the client.
   */
  readonly service: string | Replicas;
  /** The caller's token; absent or empty: anonymous. */
  readonly token?: string | undefined;
  /** Sends the token in clear also to where everybody may listen; default false. Of addresses; `Replicas` are their owner's to judge. */
  readonly isInsecureDev?: boolean;
  /** Default `pipe`; `unary` makes each call a gRPC call of its own, to which no lease can be tied. */
  readonly transport?: 'pipe' | 'unary';
  /** How long an answer may take beyond the wait that was asked for, in ms; then deadline_exceeded. Default 10,000. */
  readonly answerMs?: number;
  /** For calls that fail with unavailable. */
  readonly retry?: Partial<RetryPolicy>;
  /** Measures waits and pauses; default: the machine's. */
  readonly clock?: Clock;
}

/** The spaces of a service, as the holder of one token sees them. Opens nothing before its first call; close it once. */
export class TupleSpaceClient implements space.TupleSpace {
  readonly #replicas: Replicas;
  readonly #ownsReplicas: boolean;
  readonly #transport: Transport;
  readonly #token: string;
  readonly #answerMs: number;
  readonly #retry: RetryPolicy;
  readonly #clock: Clock;
  /** Calls that wait have a session of their own: else one of them would make the service keep all answers after it. */
  readonly #ids = { prompt: new RequestIds(), waiting: new RequestIds() };
  readonly #tied: TiedLeases;
  #stopListening = (): void => {};

  /** Errors: invalid_argument (the addresses), failed_precondition (the token would go in clear). */
  constructor(options: TupleSpaceClientOptions) {
    const { service, transport = 'pipe' } = options;
    this.#ownsReplicas = typeof service === 'string';
    this.#replicas = typeof service === 'string' ? new Replicas(service) : service;
    this.#token = options.token ?? '';
    const isWatched = typeof service === 'string' && options.isInsecureDev !== true;
    if (isWatched && this.#token !== '') checkClearText(service);
    this.#answerMs = options.answerMs ?? 10_000;
    this.#retry = { ...defaultRetry, ...options.retry };
    this.#clock = options.clock ?? systemClock;
    this.#tied = new TiedLeases(this.#clock);
    const isPipe = transport === 'pipe';
    this.#transport = isPipe ? new PipeTransport(this.#replicas) : new UnaryTransport(this.#replicas);
    if (isPipe) this.#stopListening = this.#replicas.onLoss(() => this.#renewTied());
  }

  write(request: space.WriteRequest, options: space.CallOptions = {}): Promise<space.WriteAnswer> {
    return this.#mutate('write', writeCall, request, options);
  }

  read(request: space.ReadRequest, options: space.CallOptions = {}): Promise<space.ReadAnswer> {
    return this.#wait(request, options, {
      ask: (piece) => this.#call('read', readCall, piece, { ...options, waitMs: piece.waitMs }),
      isSatisfied: (answer) => answer.isSatisfied,
    });
  }

  take(request: space.TakeRequest, options: space.CallOptions = {}): Promise<space.TakeAnswer> {
    // The answer to a request id is always the same, so that asking again would be of no use.
    if (request.requestId !== undefined) return this.#mutate('take', takeCall, request, options);
    return this.#wait(request, options, {
      ask: (piece) => this.#mutate('take', takeCall, piece, options),
      isSatisfied: (answer) => answer.tuples.length > 0,
    });
  }

  settle(request: space.SettleRequest, options: space.CallOptions = {}): Promise<space.SettleAnswer> {
    return this.#mutate('settle', settleCall, request, options);
  }

  async lease(request: space.LeaseRequest, options: space.CallOptions = {}): Promise<space.LeaseAnswer> {
    const answer = await this.#mutate('lease', leaseCall, request, options);
    this.#tied.note(request, answer);
    return answer;
  }

  watch(request: space.WatchRequest, options: space.CallOptions = {}): AsyncGenerator<space.WatchFrame> {
    const { signal = neverAborted } = options;
    const open = (from: space.Cursor) => this.#watchOnce({ ...request, from }, options.trace, signal);
    return resumedWatch(request.from, open, { policy: this.#retry, clock: this.#clock, signal });
  }

  putSpace(request: space.PutSpaceRequest, options: space.CallOptions = {}): Promise<space.PutSpaceAnswer> {
    return this.#call('putSpace', admin.putSpaceCall, request, options);
  }

  listSpaces(
    request: space.ListSpacesRequest,
    options: space.CallOptions = {},
  ): Promise<space.ListSpacesAnswer> {
    return this.#call('listSpaces', admin.listSpacesCall, request, options);
  }

  async dropSpace(request: { readonly space: string }, options: space.CallOptions = {}): Promise<void> {
    await this.#once('dropSpace', admin.dropSpaceCall, request, options);
  }

  explain(request: space.ExplainRequest, options: space.CallOptions = {}): Promise<space.ExplainAnswer> {
    return this.#call('explain', admin.explainCall, request, options);
  }

  getInfo(options: space.CallOptions = {}): Promise<space.SpaceServiceInfo> {
    return this.#call('getInfo', admin.getInfoCall, {}, options);
  }

  readAudit(
    request: space.ReadAuditRequest,
    options: space.CallOptions = {},
  ): Promise<space.ReadAuditAnswer> {
    return this.#call('readAudit', admin.readAuditCall, request, options);
  }

  enrol(request: space.EnrolRequest, options: space.CallOptions = {}): Promise<space.EnrolAnswer> {
    return this.#enrol(request, options);
  }

  async putToken(request: space.PutTokenRequest, options: space.CallOptions = {}): Promise<void> {
    await this.#call('putToken', admin.putTokenCall, request, options);
  }

  async revokeToken(request: { readonly tokenHash: string }, options: space.CallOptions = {}): Promise<void> {
    await this.#once('revokeToken', admin.revokeTokenCall, request, options);
  }

  /** Ends what is under way with cancelled, and the connections if they are the client's own. Idempotent. */
  async close(): Promise<void> {
    this.#stopListening();
    this.#transport.close();
    if (this.#ownsReplicas) this.#replicas.close();
  }

  async *#watchOnce(
    request: space.WatchRequest,
    trace: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<space.WatchFrame> {
    const bytes = protobuf.encodeMessage(watchRequestCodec, request);
    for await (const frame of this.#transport.watch(bytes, { token: this.#token, trace, signal })) {
      yield protobuf.decodeMessage(watchFrameCodec, frame);
    }
  }

  #renewTied(): void {
    void this.#tied.renewAll((renewal) => this.lease(renewal));
  }

  /** Makes a mutating call under a request id, its own or a new one. */
  #mutate<I extends Mutation, O>(
    kind: CallKind,
    codec: CallCodec<I, O>,
    request: I,
    options: space.CallOptions,
  ): Promise<O> {
    const needs = { ...options, waitMs: request.waitMs };
    if (request.requestId !== undefined) return this.#call(kind, codec, request, needs);
    const ids = request.waitMs ? this.#ids.waiting : this.#ids.prompt;
    const requestId = ids.next();
    return this.#call(kind, codec, { ...request, requestId }, needs).finally(() => ids.done(requestId));
  }

  /** Makes a call that may be repeated. */
  #call<I, O>(kind: CallKind, codec: CallCodec<I, O>, request: I, options: CallNeeds): Promise<O> {
    const { signal = neverAborted } = options;
    const terms = { policy: this.#retry, clock: this.#clock, signal };
    return retrying(() => this.#once(kind, codec, request, options), terms);
  }

  /** Makes a call that is not repeated: its second answer would be another. */
  #once<I, O>(
    kind: CallKind,
    codec: CallCodec<I, O>,
    request: I,
    { signal, trace, waitMs = 0 }: CallNeeds,
  ): Promise<O> {
    try {
      const bytes = protobuf.encodeMessage(codec.request, request);
      const limits = { token: this.#token, trace, signal, deadlineMs: this.#answerMs + waitMs };
      const answer = this.#transport.call(kind, bytes, limits);
      return answer.then((answered) => protobuf.decodeMessage(codec.answer, answered));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #wait<I extends { readonly waitMs?: number }, O>(
    request: I,
    { signal = neverAborted }: space.CallOptions,
    { ask, isSatisfied }: { ask: (piece: I) => Promise<O>; isSatisfied: (answer: O) => boolean },
  ): Promise<O> {
    const { waitMs } = request;
    if (waitMs === undefined || !(waitMs > 0)) return ask(request);
    return waiting((pieceMs) => ask({ ...request, waitMs: pieceMs }), {
      waitMs,
      isSatisfied,
      clock: this.#clock,
      signal,
    });
  }

  /** The one call that has no place in a pipe: it is made before there is a token. */
  async #enrol(request: space.EnrolRequest, { signal }: space.CallOptions): Promise<space.EnrolAnswer> {
    const { request: asked, answer } = admin.enrolCall;
    const limits = { token: this.#token, signal, deadlineMs: this.#answerMs };
    const bytes = protobuf.encodeMessage(asked, request);
    const { channel } = await this.#replicas.ready(signal);
    const { Enrol } = loadTupleSpaceContract().methods;
    return protobuf.decodeMessage(answer, await channel.unary(Enrol, bytes, limits));
  }
}

interface CallNeeds extends space.CallOptions {
  /** How long the service may wait before it answers, in ms. */
  readonly waitMs?: number | undefined;
}

interface Mutation {
  readonly requestId?: space.RequestId;
  readonly waitMs?: number;
}

const neverAborted = new AbortController().signal;

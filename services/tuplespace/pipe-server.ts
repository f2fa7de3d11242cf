/**
 * The serving side of one pipe: runs its calls side by side, answers in any order, and ends them with the stream.
 */
import { type Log, onAbort, protobuf, ServiceError, toServiceError } from '../runtime/index.js';
import { AnswerOutbox } from './answer-outbox.js';
import { type ByteCall, byteCalls, watchCall } from './byte-calls.js';
import { type LeaseTies, TieOwner } from './lease-ties.js';
import type { CallOptions, TupleSpace } from './space.js';
import { withTrace } from './traced-store.js';
import { WatchPace } from './watch-pace.js';
import { type CallKind, decodeWatched, type PipeCall, pipeCallsCodec } from './wire/pipe.js';

export interface PipeServerOptions {
  /** The caller of the stream, for calls without a token. */
  readonly token: string;
  readonly session: (token: string) => TupleSpace;
  readonly ties: LeaseTies;
  readonly log: Log;
  /** Sends one message of answers; resolves when there is room for the next. */
  readonly reply: (message: Buffer) => Promise<void>;
  /** Calls whose answer has not been sent. */
  readonly callsMax: number;
}

export class PipeServer {
  readonly #options: PipeServerOptions;
  readonly #owner = new TieOwner();
  readonly #calls: { readonly [K in CallKind]: ByteCall };
  readonly #running = new Map<number, RunningCall>();
  readonly #sessions = new Map<string, TupleSpace>();
  readonly #outbox: AnswerOutbox;

  constructor(options: PipeServerOptions) {
    this.#options = options;
    this.#calls = byteCalls(options.ties.leaser(this.#owner));
    this.#outbox = new AnswerOutbox(options.reply);
  }

  /** Serves until the stream ends. A client that has no more calls still gets its answers. Errors: invalid_argument. */
  async serve(requests: AsyncIterable<Buffer>, signal: AbortSignal): Promise<void> {
    const stopListening = onAbort(signal, (reason) => this.#abortAll(reason));
    try {
      for await (const message of requests) {
        for (const call of protobuf.decodeMessage(pipeCallsCodec, message)) this.#accept(call);
        // A client that sends but does not read is not read from either.
        await this.#outbox.below(this.#options.callsMax);
      }
      await this.#outbox.idle(() => this.#running.size === 0);
    } finally {
      stopListening();
      this.#abortAll(new ServiceError('cancelled', 'the pipe broke'));
      if (isShutdown(signal)) this.#options.ties.forget(this.#owner);
      else await this.#options.ties.end(this.#owner);
    }
  }

  #accept(call: PipeCall): void {
    const { tag, kind, bytes } = call;
    const running = this.#running.get(tag);
    if (kind === 'cancel') running?.giveUp();
    else if (kind === 'watched') running?.pace?.used(decodeWatched(bytes));
    else if (running !== undefined) throw invalidTag(tag);
    else this.#begin(call);
  }

  #begin(call: PipeCall): void {
    const { tag, kind } = call;
    const problem = kind === 'none' ? noKind() : this.#overload();
    if (problem !== undefined) this.#outbox.push({ tag, kind: 'error', error: problem });
    else if (kind === 'watch') this.#run(call, (each) => this.#watch(call, each));
    else if (isCallKind(kind)) this.#run(call, (each) => this.#answer(call, kind, each));
  }

  /** An error is the call's answer. */
  #run({ tag, kind }: PipeCall, call: (running: RunningCall) => Promise<void>): void {
    const running = new RunningCall();
    this.#running.set(tag, running);
    call(running).catch((thrown: unknown) => {
      this.#running.delete(tag);
      // Whoever gave up a watch does not wait for its end, as they do for the answer of a call.
      if (kind === 'watch' && running.isGivenUp) return;
      const error = toServiceError(thrown, { log: this.#options.log, path: `Pipe/${kind}` });
      this.#outbox.push({ tag, kind: 'error', error });
    });
  }

  #answer({ tag, token, trace, bytes }: PipeCall, kind: CallKind, running: RunningCall): Promise<void> {
    const session = withTrace(this.#session(token), trace);
    return this.#calls[kind](session, bytes, () => running).then((answer) => {
      this.#running.delete(tag);
      this.#outbox.push({ tag, kind, bytes: answer });
    });
  }

  /** Ends with an error only: a watch has no last frame. */
  async #watch({ tag, token, trace, bytes }: PipeCall, running: RunningCall): Promise<void> {
    const { signal } = running;
    const pace = new WatchPace();
    running.pace = pace;
    const session = withTrace(this.#session(token), trace);
    for await (const frame of watchCall(session, bytes, { signal })) {
      await pace.step();
      if (signal.aborted) break;
      this.#outbox.push({ tag, kind: 'watch', bytes: frame });
    }
    throw signal.aborted ? signal.reason : new ServiceError('unavailable', 'the watch ended');
  }

  #session(token: string): TupleSpace {
    const asked = token === '' ? this.#options.token : token;
    let session = this.#sessions.get(asked);
    if (session === undefined) {
      // A session costs a hash; which of them are kept matters little.
      if (this.#sessions.size >= sessionsMax) this.#sessions.clear();
      session = this.#options.session(asked);
      this.#sessions.set(asked, session);
    }
    return session;
  }

  #overload(): ServiceError | undefined {
    const { callsMax } = this.#options;
    if (this.#running.size + this.#outbox.size < callsMax) return undefined;
    const problem = `the pipe has ${callsMax} unanswered calls, which is its limit`;
    return new ServiceError('resource_exhausted', problem, { details: { limit: 'pipeCallsMax' } });
  }

  #abortAll(reason: unknown): void {
    for (const running of this.#running.values()) running.abort(reason);
  }
}

function isCallKind(kind: PipeCall['kind']): kind is CallKind {
  return !['watch', 'cancel', 'watched', 'none'].includes(kind);
}

/** Sessions that a pipe remembers. */
const sessionsMax = 1_000;

/** A call that has not been answered for the last time. */
class RunningCall implements CallOptions {
  #controller: AbortController | undefined;
  #aborted: { readonly reason: unknown } | undefined;
  /** Only of a watch. */
  pace: WatchPace | undefined;
  isGivenUp = false;

  /** Made when it is asked for. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
    }
    return this.#controller.signal;
  }

  /** Its caller no longer wants it. */
  giveUp(): void {
    this.isGivenUp = true;
    this.abort(new ServiceError('cancelled', 'the caller gave up the call'));
  }

  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#controller?.abort(reason);
    this.pace?.release();
  }
}

/** True when the stream ends because the service does, and not because its client did. */
function isShutdown(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof ServiceError && signal.reason.code === 'unavailable';
}

function noKind(): ServiceError {
  const problem = 'call: want exactly one kind';
  return new ServiceError('invalid_argument', problem, { details: { field: 'call' } });
}

function invalidTag(tag: number): ServiceError {
  const problem = `tag: ${tag} is the tag of an unanswered call`;
  return new ServiceError('invalid_argument', problem, { details: { field: 'tag' } });
}

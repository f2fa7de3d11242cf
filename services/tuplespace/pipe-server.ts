/**
 * The serving side of one pipe: runs its calls side by side, answers in any order, and ends them with the stream.
 */
import { type Log, onAbort, protobuf, ServiceError, toServiceError } from '../runtime/index.js';
import { AnswerOutbox } from './answer-outbox.js';
import { type ByteCall, tupleCalls } from './byte-calls.js';
import { type LeaseTies, TieOwner } from './lease-ties.js';
import type { TupleSpace } from './space.js';
import { type CallKind, type PipeCall, pipeCallsCodec } from './wire/pipe.js';

export interface PipeServerOptions {
  readonly space: TupleSpace;
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
  readonly #running = new Map<number, AbortController>();
  readonly #outbox: AnswerOutbox;

  constructor(options: PipeServerOptions) {
    this.#options = options;
    this.#calls = tupleCalls(options.ties.leaser(this.#owner));
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

  #accept({ tag, kind, bytes }: PipeCall): void {
    if (kind === 'cancel') {
      this.#running.get(tag)?.abort(new ServiceError('cancelled', 'the caller gave up the call'));
      return;
    }
    if (this.#running.has(tag)) throw invalidTag(tag);
    const problem = kind === 'none' ? noKind() : this.#overload();
    if (problem !== undefined) this.#outbox.push({ tag, kind: 'error', error: problem });
    else if (kind !== 'none') void this.#run(tag, kind, bytes);
  }

  /** Never rejects: an error is the call's answer. */
  async #run(tag: number, kind: CallKind, bytes: Buffer): Promise<void> {
    const controller = new AbortController();
    this.#running.set(tag, controller);
    try {
      const answer = await this.#calls[kind](this.#options.space, bytes, { signal: controller.signal });
      this.#running.delete(tag);
      this.#outbox.push({ tag, kind, bytes: answer });
    } catch (thrown) {
      this.#running.delete(tag);
      const error = toServiceError(thrown, { log: this.#options.log, path: `Pipe/${kind}` });
      this.#outbox.push({ tag, kind: 'error', error });
    }
  }

  #overload(): ServiceError | undefined {
    const { callsMax } = this.#options;
    if (this.#running.size + this.#outbox.size < callsMax) return undefined;
    const problem = `the pipe has ${callsMax} unanswered calls, which is its limit`;
    return new ServiceError('resource_exhausted', problem, { details: { limit: 'pipeCallsMax' } });
  }

  #abortAll(reason: unknown): void {
    for (const controller of this.#running.values()) controller.abort(reason);
  }
}

/** True when the stream ends because the service does, and not because its client did. */
function isShutdown(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof ServiceError && signal.reason.code === 'unavailable';
}

function noKind(): ServiceError {
  const problem = 'call: want exactly one of write, read, take, settle, lease, cancel';
  return new ServiceError('invalid_argument', problem, { details: { field: 'call' } });
}

function invalidTag(tag: number): ServiceError {
  const problem = `tag: ${tag} is the tag of an unanswered call`;
  return new ServiceError('invalid_argument', problem, { details: { field: 'tag' } });
}

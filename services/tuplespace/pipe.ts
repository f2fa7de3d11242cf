/**
 * The calling side of one pipe: tags calls, sends those of one turn of the event loop together, and hands out the answers. When
 * the stream breaks, every unanswered call fails with unavailable, and the pipe is over.
 */
import {
  type DuplexStream,
  fromStatus,
  onAbort,
  protobuf,
  ServiceError,
  systemClock,
} from '../runtime/index.js';
import { CallOutbox } from './call-outbox.js';
import type { CallLimits, CallTerms } from './transport.js';
import { WatchInbox } from './watch-inbox.js';
import { type CallKind, encodeWatched, type PipeAnswer, pipeAnswersCodec } from './wire/pipe.js';

/** How long a call that was given up waits for the service to say so, in ms. */
const giveUpMs = 1_000;

interface Pending {
  readonly kind: CallKind;
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (reason: unknown) => void;
  /** Removes the listener of the signal and the timer. */
  release: () => void;
  /** Why it was given up, once it was. */
  givenUp?: { readonly reason: unknown };
}

export class Pipe {
  readonly #stream: DuplexStream<Uint8Array, Buffer>;
  readonly #pending = new Map<number, Pending>();
  readonly #watches = new Map<number, WatchInbox>();
  readonly #outbox: CallOutbox;
  #lastTag = 0;
  #isOver = false;
  #overListener = (): void => {};
  #refusalListener = (): void => {};

  constructor(stream: DuplexStream<Uint8Array, Buffer>) {
    this.#stream = stream;
    this.#outbox = new CallOutbox(stream);
    stream.on('data', (bytes: Buffer) => this.#receive(bytes));
    stream.on('error', (error: Parameters<typeof fromStatus>[0]) => this.#break(brokenBy(fromStatus(error))));
    stream.on('end', () => this.#break(new ServiceError('unavailable', 'the service ended the pipe')));
  }

  /** True when the stream has broken: nothing more can be called. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** True when nothing is under way. */
  get isIdle(): boolean {
    return this.#pending.size === 0 && this.#watches.size === 0;
  }

  /** Calls `listener` when the pipe is over. */
  onOver(listener: () => void): void {
    this.#overListener = listener;
  }

  /** Calls `listener` whenever the service answers a call with unavailable. */
  onUnavailable(listener: () => void): void {
    this.#refusalListener = listener;
  }

  /**
   * Sends a call. A call that is given up by its signal, or by `closing`, which is that of its client, rejects once the service has let
   * go of it.
   */
  call(
    kind: CallKind,
    bytes: Buffer,
    { token, signal, deadlineMs }: CallLimits,
    closing?: AbortSignal,
  ): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#isOver) return reject(new ServiceError('unavailable', 'the pipe is over'));
      const tag = this.#nextTag();
      const stopTimer = systemClock.after(deadlineMs, () => this.#giveUp(tag, tooLate(kind, deadlineMs)));
      const giveUp = (reason: unknown): void => this.#giveUp(tag, reason);
      const stopListening = onAbort(signal, giveUp);
      const stopListeningToo = onAbort(closing, giveUp);
      const release = (): void => {
        stopTimer();
        stopListening();
        stopListeningToo();
      };
      this.#pending.set(tag, { kind, resolve, reject, release });
      this.#outbox.push({ tag, kind, bytes, token });
    });
  }

  /** The frames of a watch, as fast as they are asked for; the service sends no more than a few ahead. */
  async *watch(bytes: Buffer, { token, signal }: CallTerms, closing?: AbortSignal): AsyncGenerator<Buffer> {
    if (signal?.aborted) throw signal.reason;
    if (this.#isOver) throw new ServiceError('unavailable', 'the pipe is over');
    const tag = this.#nextTag();
    const inbox = new WatchInbox();
    this.#watches.set(tag, inbox);
    // At once, whether or not somebody asks for the next frame.
    const abort = (reason: unknown): void => {
      inbox.abort(reason);
      this.#endWatch(tag);
    };
    const stopListening = onAbort(signal, abort);
    const stopListeningToo = onAbort(closing, abort);
    this.#outbox.push({ tag, kind: 'watch', bytes, token });
    try {
      for (let usedCount = 1; ; usedCount += 1) {
        yield await inbox.next();
        if (usedCount % usedBatch !== 0) continue;
        this.#outbox.push({ tag, kind: 'watched', bytes: encodeWatched(usedBatch), token: '' });
      }
    } finally {
      stopListening();
      stopListeningToo();
      this.#endWatch(tag);
    }
  }

  /** Ends the stream and every call on it with cancelled. Idempotent. */
  close(): void {
    this.#break(new ServiceError('cancelled', 'the client was closed'));
    this.#stream.cancel();
  }

  #endWatch(tag: number): void {
    if (this.#watches.delete(tag)) this.#outbox.push({ tag, kind: 'cancel', bytes: noBytes, token: '' });
  }

  #nextTag(): number {
    do this.#lastTag = (this.#lastTag + 1) >>> 0;
    while (this.#pending.has(this.#lastTag) || this.#watches.has(this.#lastTag));
    return this.#lastTag;
  }

  #receive(bytes: Buffer): void {
    let answers: readonly PipeAnswer[];
    try {
      answers = protobuf.decodeMessage(pipeAnswersCodec, bytes);
    } catch (error) {
      // What a broken stream does to calls is known; what a garbled one means is not.
      this.#break(new ServiceError('internal', 'the service sent a malformed answer', { cause: error }));
      this.#stream.cancel();
      return;
    }
    for (const answer of answers) this.#settle(answer);
  }

  #settle(answer: PipeAnswer): void {
    const watch = this.#watches.get(answer.tag);
    if (watch !== undefined) {
      if (answer.kind === 'watch') {
        watch.push(answer.bytes);
        return;
      }
      this.#watches.delete(answer.tag);
      watch.end(answer.kind === 'error' ? answer.error : wrongKind(answer.kind, 'watch'));
      return;
    }
    const pending = this.#pending.get(answer.tag);
    if (pending === undefined) return;
    this.#pending.delete(answer.tag);
    pending.release();
    if (answer.kind === pending.kind) pending.resolve(answer.bytes);
    else if (answer.kind !== 'error') pending.reject(wrongKind(answer.kind, pending.kind));
    else if (pending.givenUp !== undefined && answer.error.code === 'cancelled')
      pending.reject(pending.givenUp.reason);
    else {
      if (answer.error.code === 'unavailable') this.#refusalListener();
      pending.reject(answer.error);
    }
  }

  /** Asks the service to let go of a call. An answer that was faster still counts: a taken tuple must not get lost. */
  #giveUp(tag: number, reason: unknown): void {
    const pending = this.#pending.get(tag);
    if (pending === undefined || pending.givenUp !== undefined) return;
    const isUnsent = this.#outbox.takeBack(tag);
    if (!isUnsent) this.#outbox.push({ tag, kind: 'cancel', bytes: noBytes, token: '' });
    pending.givenUp = { reason };
    pending.release();
    const end = (): void => {
      if (this.#pending.delete(tag)) pending.reject(reason);
    };
    if (isUnsent) end();
    else pending.release = systemClock.after(giveUpMs, end);
  }

  #break(error: ServiceError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#outbox.end();
    const broken = [...this.#pending.values()];
    this.#pending.clear();
    for (const watch of this.#watches.values()) watch.end(error);
    this.#watches.clear();
    for (const pending of broken) {
      pending.release();
      pending.reject(pending.givenUp === undefined ? error : pending.givenUp.reason);
    }
    this.#overListener();
  }
}

const noBytes = Buffer.alloc(0);

/** How many frames of a watch are told to be used up at once; a quarter of those that may be on their way. */
const usedBatch = 16;

function wrongKind(kind: string, wanted: string): ServiceError {
  return new ServiceError('internal', `${kind} answers ${wanted}`);
}

function tooLate(kind: CallKind, deadlineMs: number): ServiceError {
  return new ServiceError('deadline_exceeded', `no answer to ${kind} within ${Math.round(deadlineMs)} ms`);
}

/** A stream breaks in many ways that all mean: the service is not there. Others, such as a bad token, are told as they are. */
function brokenBy(error: ServiceError): ServiceError {
  const isLost = error.isIndefinite || error.code === 'internal';
  if (!isLost) return error;
  return new ServiceError('unavailable', `the pipe broke: ${error.message}`, { cause: error });
}

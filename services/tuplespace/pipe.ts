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
import { brokenBy, tooLate, wrongKind } from './pipe-errors.js';
import type { CallLimits, CallTerms } from './transport.js';
import { WatchInbox } from './watch-inbox.js';
import { type CallKind, encodeWatched, type PipeAnswer, pipeAnswersCodec } from './wire/pipe.js';

/** How long a call that was given up waits for the service to say so, in ms. */
const giveUpMs = 1_000;

/** How often the deadlines of calls are looked at, in ms; a timer for each would cost more than the call. */
const deadlineTickMs = 50;

interface Pending {
  readonly kind: CallKind;
  readonly owner: object | undefined;
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (reason: unknown) => void;
  /** When it is given up, or forgotten once it was; on the monotonic clock. */
  endsAtMs: number;
  readonly deadlineMs: number;
  readonly stopListening: () => void;
  /** Why it was given up, once it was. */
  givenUp?: { readonly reason: unknown };
}

export class Pipe {
  readonly #stream: DuplexStream<Uint8Array, Buffer>;
  readonly #pending = new Map<number, Pending>();
  readonly #watches = new Map<number, { readonly inbox: WatchInbox; readonly owner: object | undefined }>();
  readonly #outbox: CallOutbox;
  #lastTag = 0;
  #isWatchingDeadlines = false;
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
   * Sends a call. A call that is given up, by its signal or with its owner, rejects once the service has let go of it.
   *
   * @param owner whose call it is, for `giveUpAll`
   */
  call(
    kind: CallKind,
    bytes: Buffer,
    { token, signal, trace = '', deadlineMs }: CallLimits,
    owner?: object,
  ): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#isOver) return reject(new ServiceError('unavailable', 'the pipe is over'));
      const tag = this.#nextTag();
      const stopListening = onAbort(signal, (reason) => this.#giveUp(tag, reason));
      const endsAtMs = systemClock.monotonicMs() + deadlineMs;
      this.#pending.set(tag, { kind, owner, resolve, reject, endsAtMs, deadlineMs, stopListening });
      this.#watchDeadlines();
      this.#outbox.push({ tag, kind, bytes, token, trace });
    });
  }

  /** The frames of a watch, as fast as they are asked for; the service sends no more than a few ahead. */
  async *watch(
    bytes: Buffer,
    { token, signal, trace = '' }: CallTerms,
    owner?: object,
  ): AsyncGenerator<Buffer> {
    if (signal?.aborted) throw signal.reason;
    if (this.#isOver) throw new ServiceError('unavailable', 'the pipe is over');
    const tag = this.#nextTag();
    const inbox = new WatchInbox();
    this.#watches.set(tag, { inbox, owner });
    // At once, whether or not somebody asks for the next frame.
    const stopListening = onAbort(signal, (reason) => this.#abortWatch(tag, reason));
    this.#outbox.push({ tag, kind: 'watch', bytes, token, trace });
    try {
      for (let usedCount = 1; ; usedCount += 1) {
        yield await inbox.next();
        if (usedCount % usedBatch !== 0) continue;
        this.#control(tag, 'watched', encodeWatched(usedBatch));
      }
    } finally {
      stopListening();
      this.#endWatch(tag);
    }
  }

  /** Ends the stream and every call on it with cancelled. Idempotent. */
  close(): void {
    this.#break(new ServiceError('cancelled', 'the client was closed'));
    this.#stream.cancel();
  }

  /** Gives up all that is under way for one owner. */
  giveUpAll(owner: object, reason: unknown): void {
    for (const [tag, pending] of this.#pending) if (pending.owner === owner) this.#giveUp(tag, reason);
    for (const [tag, watch] of this.#watches) if (watch.owner === owner) this.#abortWatch(tag, reason);
  }

  #abortWatch(tag: number, reason: unknown): void {
    this.#watches.get(tag)?.inbox.abort(reason);
    this.#endWatch(tag);
  }

  #endWatch(tag: number): void {
    if (this.#watches.delete(tag)) this.#control(tag, 'cancel', noBytes);
  }

  /** A word about a call that was sent before. */
  #control(tag: number, kind: 'watched' | 'cancel', bytes: Buffer): void {
    this.#outbox.push({ tag, kind, bytes, token: '', trace: '' });
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
        watch.inbox.push(answer.bytes);
        return;
      }
      this.#watches.delete(answer.tag);
      watch.inbox.end(answer.kind === 'error' ? answer.error : wrongKind(answer.kind, 'watch'));
      return;
    }
    const pending = this.#pending.get(answer.tag);
    if (pending === undefined) return;
    this.#pending.delete(answer.tag);
    pending.stopListening();
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
    if (!isUnsent) this.#control(tag, 'cancel', noBytes);
    pending.givenUp = { reason };
    pending.stopListening();
    if (isUnsent) this.#forget(tag, pending);
    else pending.endsAtMs = systemClock.monotonicMs() + giveUpMs;
  }

  #forget(tag: number, pending: Pending): void {
    this.#pending.delete(tag);
    pending.reject(pending.givenUp?.reason);
  }

  #watchDeadlines(): void {
    if (this.#isWatchingDeadlines) return;
    this.#isWatchingDeadlines = true;
    systemClock.after(deadlineTickMs, () => {
      this.#isWatchingDeadlines = false;
      const nowMs = systemClock.monotonicMs();
      for (const [tag, pending] of this.#pending) {
        if (pending.endsAtMs > nowMs) continue;
        if (pending.givenUp !== undefined) this.#forget(tag, pending);
        else this.#giveUp(tag, tooLate(pending.kind, pending.deadlineMs));
      }
      if (this.#pending.size > 0) this.#watchDeadlines();
    });
  }

  #break(error: ServiceError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#outbox.end();
    const broken = [...this.#pending.values()];
    this.#pending.clear();
    for (const { inbox } of this.#watches.values()) inbox.end(error);
    this.#watches.clear();
    for (const pending of broken) {
      pending.stopListening();
      pending.reject(pending.givenUp === undefined ? error : pending.givenUp.reason);
    }
    this.#overListener();
  }
}

const noBytes = Buffer.alloc(0);

/** How many frames of a watch are told to be used up at once; a quarter of those that may be on their way. */
const usedBatch = 16;

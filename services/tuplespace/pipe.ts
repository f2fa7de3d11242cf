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
import type { CallLimits, CallTerms } from './transport.js';
import { WatchInbox } from './watch-inbox.js';
import {
  type CallKind,
  encodeWatched,
  type PipeAnswer,
  type PipeCall,
  pipeAnswersCodec,
  pipeCallsCodec,
} from './wire/pipe.js';

/** Calls are sent in messages of about this size. */
const batchBytes = 1024 * 1024;

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
  #outbox: PipeCall[] = [];
  #isFlushDue = false;
  #lastTag = 0;
  #isOver = false;

  constructor(stream: DuplexStream<Uint8Array, Buffer>) {
    this.#stream = stream;
    stream.on('data', (bytes: Buffer) => this.#receive(bytes));
    stream.on('error', (error: Parameters<typeof fromStatus>[0]) => this.#break(brokenBy(fromStatus(error))));
    stream.on('end', () => this.#break(new ServiceError('unavailable', 'the service ended the pipe')));
  }

  /** True when the stream has broken: nothing more can be called. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Sends a call. A call that is given up by its signal rejects once the service has let go of it. */
  call(kind: CallKind, bytes: Buffer, { token, signal, deadlineMs }: CallLimits): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const tag = this.#nextTag();
      const stopTimer = systemClock.after(deadlineMs, () => this.#giveUp(tag, tooLate(kind, deadlineMs)));
      const stopListening = onAbort(signal, (reason) => this.#giveUp(tag, reason));
      const release = (): void => {
        stopTimer();
        stopListening();
      };
      this.#pending.set(tag, { kind, resolve, reject, release });
      this.#send({ tag, kind, bytes, token });
    });
  }

  /** The frames of a watch, as fast as they are asked for; the service sends no more than a few ahead. */
  async *watch(bytes: Buffer, { token, signal }: CallTerms): AsyncGenerator<Buffer> {
    if (signal?.aborted) throw signal.reason;
    const tag = this.#nextTag();
    const inbox = new WatchInbox();
    this.#watches.set(tag, inbox);
    // At once, whether or not somebody asks for the next frame.
    const stopListening = onAbort(signal, (reason) => {
      inbox.abort(reason);
      this.#endWatch(tag);
    });
    this.#send({ tag, kind: 'watch', bytes, token });
    try {
      for (let usedCount = 1; ; usedCount += 1) {
        yield await inbox.next();
        if (usedCount % usedBatch !== 0) continue;
        this.#send({ tag, kind: 'watched', bytes: encodeWatched(usedBatch), token: '' });
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

  #endWatch(tag: number): void {
    if (this.#watches.delete(tag)) this.#send({ tag, kind: 'cancel', bytes: noBytes, token: '' });
  }

  #nextTag(): number {
    do this.#lastTag = (this.#lastTag + 1) >>> 0;
    while (this.#pending.has(this.#lastTag) || this.#watches.has(this.#lastTag));
    return this.#lastTag;
  }

  #send(call: PipeCall): void {
    this.#outbox.push(call);
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushDue = false;
    while (this.#outbox.length > 0 && !this.#isOver) {
      const { batch, rest, bytes } = takeBatch(this.#outbox);
      this.#outbox = rest;
      if (this.#stream.write(protobuf.encodeMessage(pipeCallsCodec, batch, bytes))) continue;
      this.#isFlushDue = true;
      this.#stream.once('drain', () => this.#flush());
      return;
    }
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
    else pending.reject(answer.error);
  }

  /** Asks the service to let go of a call. An answer that was faster still counts: a taken tuple must not get lost. */
  #giveUp(tag: number, reason: unknown): void {
    const pending = this.#pending.get(tag);
    if (pending === undefined || pending.givenUp !== undefined) return;
    const unsent = this.#outbox.findIndex((call) => call.tag === tag);
    if (unsent >= 0) this.#outbox.splice(unsent, 1);
    else this.#send({ tag, kind: 'cancel', bytes: noBytes, token: '' });
    pending.givenUp = { reason };
    pending.release();
    const end = (): void => {
      if (this.#pending.delete(tag)) pending.reject(reason);
    };
    if (unsent >= 0) end();
    else pending.release = systemClock.after(giveUpMs, end);
  }

  #break(error: ServiceError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#outbox = [];
    const broken = [...this.#pending.values()];
    this.#pending.clear();
    for (const watch of this.#watches.values()) watch.end(error);
    this.#watches.clear();
    for (const pending of broken) {
      pending.release();
      pending.reject(pending.givenUp === undefined ? error : pending.givenUp.reason);
    }
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

/** As many calls as make up a message, at least one. */
function takeBatch(calls: readonly PipeCall[]): { batch: PipeCall[]; rest: PipeCall[]; bytes: number } {
  let bytes = 0;
  let count = 0;
  for (const call of calls) {
    if (count > 0 && bytes + call.bytes.length > batchBytes) break;
    bytes += call.bytes.length + frameBytes;
    count += 1;
  }
  return { batch: calls.slice(0, count), rest: calls.slice(count), bytes };
}

/** Room for what surrounds a call in its message. */
const frameBytes = 80;

/** A stream breaks in many ways that all mean: the service is not there. Others, such as a bad token, are told as they are. */
function brokenBy(error: ServiceError): ServiceError {
  const isLost = error.isIndefinite || error.code === 'internal';
  if (!isLost) return error;
  return new ServiceError('unavailable', `the pipe broke: ${error.message}`, { cause: error });
}

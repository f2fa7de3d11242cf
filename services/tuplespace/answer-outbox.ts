/**
 * The answers of a pipe that are ready: those of one turn of the event loop go out together, at the reader's pace.
 */
import { protobuf } from '../runtime/index.js';
import { type PipeAnswer, pipeAnswersCodec } from './wire/pipe.js';

/** Answers are sent in messages of about this size, in bytes. */
const batchBytes = 1024 * 1024;

export class AnswerOutbox {
  readonly #reply: (message: Buffer) => Promise<void>;
  #ready: PipeAnswer[] = [];
  #sendingCount = 0;
  #isFlushing = false;
  /** Wakes who waits for a change. */
  #changed = (): void => {};

  /** @param reply sends one message; resolves when there is room for the next, rejects when the stream is over */
  constructor(reply: (message: Buffer) => Promise<void>) {
    this.#reply = reply;
  }

  /** Answers that have not left. */
  get size(): number {
    return this.#ready.length + this.#sendingCount;
  }

  push(answer: PipeAnswer): void {
    this.#ready.push(answer);
    this.#changed();
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => void this.#flush());
  }

  /** Resolves when fewer than so many answers have not left. */
  below(count: number): Promise<void> {
    return this.#until(() => this.size < count);
  }

  /** Resolves when all answers have left and `isQuiet` says that no more will come. */
  idle(isQuiet: () => boolean): Promise<void> {
    return this.#until(() => isQuiet() && this.size === 0);
  }

  async #until(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  async #flush(): Promise<void> {
    try {
      while (this.#ready.length > 0) {
        const { batch, bytes } = this.#takeBatch();
        this.#sendingCount = batch.length;
        await this.#reply(protobuf.encodeMessage(pipeAnswersCodec, batch, bytes));
        this.#sendingCount = 0;
      }
    } catch {
      // The stream is over, and with it whoever wanted the answers; `serve` ends by the stream's own signal.
      this.#ready = [];
      this.#sendingCount = 0;
    }
    this.#isFlushing = false;
    this.#changed();
  }

  #takeBatch(): { batch: PipeAnswer[]; bytes: number } {
    let bytes = 0;
    let count = 0;
    for (const answer of this.#ready) {
      const size = answer.kind === 'error' ? errorBytes : answer.bytes.length + frameBytes;
      if (count > 0 && bytes + size > batchBytes) break;
      bytes += size;
      count += 1;
    }
    return { batch: this.#ready.splice(0, count), bytes: bytes + frameBytes };
  }
}

/** Room for what surrounds an answer in its message, and for an error. */
const frameBytes = 24;
const errorBytes = 256;

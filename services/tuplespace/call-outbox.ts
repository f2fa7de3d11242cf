/**
 * The calls of a pipe that wait to be sent: those of one turn of the event loop go out together, at the service's pace.
 */
import { type DuplexStream, protobuf } from '../runtime/index.js';
import { type PipeCall, pipeCallsCodec } from './wire/pipe.js';

/** Calls are sent in messages of about this size, in bytes. */
const batchBytes = 1024 * 1024;

/** Room for what surrounds a call in its message, in bytes. */
const frameBytes = 80;

export class CallOutbox {
  readonly #stream: DuplexStream<Uint8Array, Buffer>;
  #calls: PipeCall[] = [];
  #isFlushDue = false;
  #isOver = false;

  constructor(stream: DuplexStream<Uint8Array, Buffer>) {
    this.#stream = stream;
  }

  push(call: PipeCall): void {
    this.#calls.push(call);
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(() => this.#flush());
  }

  /** True when the call had not been sent, and now will not be. */
  takeBack(tag: number): boolean {
    const unsent = this.#calls.findIndex((call) => call.tag === tag);
    if (unsent >= 0) this.#calls.splice(unsent, 1);
    return unsent >= 0;
  }

  /** Sends nothing more. */
  end(): void {
    this.#isOver = true;
    this.#calls = [];
  }

  #flush(): void {
    this.#isFlushDue = false;
    while (this.#calls.length > 0 && !this.#isOver) {
      const { batch, rest, bytes } = takeBatch(this.#calls);
      this.#calls = rest;
      if (this.#stream.write(protobuf.encodeMessage(pipeCallsCodec, batch, bytes))) continue;
      this.#isFlushDue = true;
      this.#stream.once('drain', () => this.#flush());
      return;
    }
  }
}

/** As many calls as make up a message, at least one. */
function takeBatch(calls: PipeCall[]): { batch: PipeCall[]; rest: PipeCall[]; bytes: number } {
  let bytes = 0;
  let count = 0;
  for (const call of calls) {
    if (count > 0 && bytes + call.bytes.length > batchBytes) break;
    bytes += call.bytes.length + frameBytes;
    count += 1;
  }
  if (count === calls.length) return { batch: calls, rest: [], bytes };
  return { batch: calls.slice(0, count), rest: calls.slice(count), bytes };
}

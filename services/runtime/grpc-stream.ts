/**
 * The two sides of a message stream with a signal: reading that ends when the signal is aborted, writing at the reader's pace.
 */
import type { Readable, Writable } from 'node:stream';
import { onAbort } from './abort.js';
import type { ServiceError } from './errors.js';
import { requestOf } from './grpc-request.js';

/**
 * The messages of a stream, at the consumer's pace. Leaves the stream open when the consumer stops early. Throws
 * `signal.reason` once the signal is aborted, the stream's own error, and that of a message that could not be read.
 */
export async function* receive<T>(stream: Readable, signal: AbortSignal): AsyncGenerator<T> {
  const arrived: (T | ServiceError)[] = [];
  let isOver = false;
  let failure: { error: unknown } | undefined;
  let wake = (): void => {};
  const onData = (message: T | ServiceError): void => {
    arrived.push(message);
    stream.pause();
    wake();
  };
  const onEnd = (): void => {
    isOver = true;
    wake();
  };
  const onError = (error: unknown): void => {
    failure ??= { error };
  };
  const stopListening = onAbort(signal, () => wake());
  // An error comes before the last messages are read, `end` or `close` after them.
  stream.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);
  try {
    for (;;) {
      if (signal.aborted) throw signal.reason;
      const message = arrived.shift();
      if (message !== undefined) yield requestOf(message);
      else if (isOver && failure !== undefined) throw failure.error;
      else if (isOver) return;
      else {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        stream.resume();
        await woken;
      }
    }
  } finally {
    stopListening();
    // The error listener stays: an error nobody listens to would end the process.
    stream.off('data', onData).off('end', onEnd).off('close', onEnd);
  }
}

/** Writes one message; resolves when there is room for the next. Rejects with `signal.reason`. */
export async function send<T>(stream: Writable, message: T, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw signal.reason;
  if (stream.write(message)) return;
  await new Promise<void>((resolve, reject) => {
    const settle = (): void => {
      stream.off('drain', settle).off('close', settle);
      stopListening();
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    stream.on('drain', settle).on('close', settle);
    const stopListening = onAbort(signal, settle);
  });
}

/**
 * An endless answer: lines of JSON, each sent when it happens. In quiet times an empty line now and then tells both sides that the
 * other is still there.
 */
import type { ServerResponse } from 'node:http';
import { type Clock, onAbort } from '../runtime/index.js';

/** Longest silence on a stream, in ms; a page that hears nothing for several times as long has lost its server. */
const silenceMsMax = 5_000;

/** Writes what comes until it ends or the signal aborts. A reader that does not keep up is waited for. */
export async function sendLines(
  response: ServerResponse,
  lines: AsyncIterable<string>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  let stopTimer = clock.after(silenceMsMax, beat);
  function beat(): void {
    response.write('\n');
    stopTimer = clock.after(silenceMsMax, beat);
  }
  try {
    for await (const line of lines) {
      if (signal.aborted) return;
      if (!response.write(`${line}\n`)) await drained(response, signal);
    }
  } finally {
    stopTimer();
  }
}

/** Also when nobody reads any more. */
function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = onAbort(signal, done);
    response.once('drain', done);
    function done(): void {
      stop();
      response.off('drain', done);
      resolve();
    }
  });
}

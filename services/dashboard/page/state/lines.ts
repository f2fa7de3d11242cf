/**
 * Reads lines from a stream of bytes. Empty lines are signs of life.
 */

/**
 * Gives the lines that came together, without the empty ones; the list is empty when only a sign of life came. Ends early, and lets go of
 * the stream, when the signal aborts.
 */
export async function* readLines(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<readonly string[], void, undefined> {
  const reader = stream.getReader();
  const letGo = (): void => void reader.cancel().catch(() => {});
  signal.addEventListener('abort', letGo, { once: true });
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const lines = (rest + decoder.decode(value, { stream: !done })).split('\n');
      // What has no line end yet may go on; at the end of the stream it was cut off.
      rest = lines.pop() ?? '';
      yield lines.filter((line) => line !== '');
      if (done) return;
    }
  } finally {
    signal.removeEventListener('abort', letGo);
    letGo();
  }
}

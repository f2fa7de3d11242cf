/**
 * Reading a stream of lines, however it was cut into pieces.
 */
import fc from 'fast-check';
import { pauseMs } from './following.js';
import { readLines } from './lines.js';

function streamOf(parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

async function linesOf(parts: readonly Uint8Array[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const some of readLines(streamOf(parts), new AbortController().signal)) lines.push(...some);
  return lines;
}

test('lines come whole, wherever the pieces end, in the middle of a letter too', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify({ text }))),
      fc.array(fc.nat({ max: 40 })),
      async (lines, cuts) => {
        let rest = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
        const parts: Uint8Array[] = [];
        for (const cut of cuts) {
          parts.push(rest.slice(0, cut));
          rest = rest.slice(cut);
        }
        expect(await linesOf([...parts, rest])).toEqual(lines);
      },
    ),
  );
});

test('signs of life are no lines, and a line that was cut off is none', async () => {
  const parts = ['\n', '{"a":1}\n\n', '\n{"b":'].map((text) => new TextEncoder().encode(text));
  expect(await linesOf(parts)).toEqual(['{"a":1}']);
});

test('who does not want to read on lets go of the stream, though nothing comes', async () => {
  const gone = new AbortController();
  let isLetGo = false;
  const silent = new ReadableStream<Uint8Array>({
    cancel() {
      isLetGo = true;
    },
  });
  const reading = readLines(silent, gone.signal).next();
  gone.abort();
  expect(await reading).toMatchObject({ value: [] });
  expect(isLetGo).toBe(true);
});

test('a lost connection is tried again soon at first, then every 8 s', () => {
  expect([0, 1, 2, 5, 6, 1_000].map(pauseMs)).toEqual([250, 500, 1_000, 8_000, 8_000, 8_000]);
});

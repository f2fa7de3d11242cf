/**
 * Keys of a terminal, as the step player needs them. The sequences are those of ECMA-48 and xterm.
 */

/** Where keys come from; `process.stdin` of a terminal has this shape. */
export interface KeyInput {
  setRawMode(isRaw: boolean): unknown;
  on(event: 'data', listener: (chunk: Uint8Array | string) => void): unknown;
  off(event: 'data', listener: (chunk: Uint8Array | string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export type Key = 'next' | 'back' | 'next-phase' | 'phase-back' | 'first' | 'last' | 'quit';

/** The keys that mean something, until the reader has enough; then the terminal is as before. */
export async function* readKeys(input: KeyInput): AsyncGenerator<Key> {
  const waiting: Key[] = [];
  let wake = (): void => {};
  const onData = (chunk: Uint8Array | string): void => {
    waiting.push(...keysIn(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')));
    wake();
  };
  input.setRawMode(true);
  input.on('data', onData);
  input.resume();
  try {
    for (;;) {
      const key = waiting.shift();
      if (key !== undefined) yield key;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    input.off('data', onData);
    input.setRawMode(false);
    input.pause();
  }
}

/** Fast typing and a slow line put several keys into one chunk. */
function keysIn(text: string): Key[] {
  const start = '\u001b';
  const pattern = new RegExp(`${start}(?:\\[[0-9;]*[A-Za-z~]|O[A-Z])|[^${start}]|${start}`, 'g');
  return [...text.matchAll(pattern)].flatMap(([sequence]) => {
    const key = keys[sequence.replace(start, '^')];
    return key === undefined ? [] : [key];
  });
}

/** `^` stands for escape; alone it quits. */
const keys: Readonly<Record<string, Key>> = {
  '^[C': 'next',
  '^OC': 'next',
  ' ': 'next',
  '^[D': 'back',
  '^OD': 'back',
  '^[1;2C': 'next-phase',
  '^[B': 'next-phase',
  '^OB': 'next-phase',
  '^[1;2D': 'phase-back',
  '^[A': 'phase-back',
  '^OA': 'phase-back',
  '^[H': 'first',
  '^OH': 'first',
  '^[1~': 'first',
  '^[F': 'last',
  '^OF': 'last',
  '^[4~': 'last',
  q: 'quit',
  '^': 'quit',
  '\u0003': 'quit',
  '\u0004': 'quit',
};

/**
 * Text in lines of a given width.
 */

/**
 * A line that begins with `start` and goes on with `words`; further lines are indented as far as `start`
 * reaches.
 */
export function wrapWords(start: string, words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  const indent = ' '.repeat(start.length);
  let line = start;
  let isEmpty = true;
  for (const word of words) {
    if (!isEmpty && line.length + word.trimEnd().length > width) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += word;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}

/** As wrapWords, for a sentence. */
export function wrapText(start: string, text: string, width: number): readonly string[] {
  return wrapWords(
    start,
    text.split(' ').map((word) => `${word} `),
    width,
  );
}
